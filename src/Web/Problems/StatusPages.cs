namespace UserCqrs.Web.Problems;

/// <summary>
/// Adds a body to error responses of the framework, which have none. The framework's own middleware for this costs every
/// request an allocation.
/// </summary>
internal static class StatusPages
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response.StatusCode < 400 || response is not { HasStarted: false, ContentLength: null, ContentType: null })
            return;
        var status = response.StatusCode;
        if (ProblemType.All.FirstOrDefault(type => type.Status == status && type != ProblemType.UserNotFound) is { } type)
            await new Problem(type).ExecuteAsync(context);
    }
}
