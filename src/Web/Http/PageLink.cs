namespace UserCqrs.Web.Http;

/// <summary>The address of the next page.</summary>
internal static class PageLink
{
    /// <summary>Sends it in <c>Link</c> (RFC 8288), if there is a next page.</summary>
    public static void LinkNext(this HttpContext context, string path, string? cursor)
    {
        if (cursor is null)
            return;
        var parameters = context.Request.Query.Where(parameter => parameter.Key != "cursor").Append(new("cursor", cursor));
        context.Response.Headers.Link = $"<{path}{QueryString.Create(parameters)}>; rel=\"next\"";
    }
}
