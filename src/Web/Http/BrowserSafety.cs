namespace UserCqrs.Web.Http;

/// <summary>
/// What browsers and caches may do with responses: the headers of the OWASP Secure Headers Project that have a use here.
/// </summary>
internal static class BrowserSafety
{
    // Everything a page needs comes from here, in files of its own: what is injected into a page does not run.
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Every response is of the media type it says (WHATWG Fetch §3.7), and no cache keeps it, unless its route says otherwise.
    /// </summary>
    public static void Guard(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
    }

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Guard(context.Response);
        return next(context);
    }

    /// <summary>What the route serves is for people: pages, and what they are made of.</summary>
    public static TBuilder ServesPages<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.IsPublic().Sends(static headers =>
        {
            headers.ContentSecurityPolicy = PagePolicy;
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
        });

    /// <summary>
    /// What the route serves holds nothing personal: caches may keep it, but must check each time that it is still current.
    /// </summary>
    public static TBuilder IsPublic<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.Sends(static headers => headers.CacheControl = "no-cache");

    private static TBuilder Sends<TBuilder>(this TBuilder routes, Action<IHeaderDictionary> set) where TBuilder : IEndpointConventionBuilder
    {
        routes.Add(endpoint =>
        {
            var serve = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                set(context.Response.Headers);
                return serve(context);
            };
        });
        return routes;
    }
}
