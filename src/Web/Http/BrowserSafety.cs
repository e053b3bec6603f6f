namespace UserCqrs.Web.Http;

/// <summary>
/// Restricts what browsers and caches may do with responses: those headers of the OWASP Secure Headers Project that matter here.
/// </summary>
internal static class BrowserSafety
{
    // The service serves everything that its pages need, in separate files. Scripts injected into a page do not run.
    private const string PagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Forbids browsers to guess another media type (WHATWG Fetch §3.7), and caches to keep the response unless its route
    /// allows it.
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

    /// <summary>Adds headers for a route that serves pages, or their scripts and styles, to people.</summary>
    public static TBuilder ServesPages<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.IsPublic().Sends(static headers =>
        {
            headers.ContentSecurityPolicy = PagePolicy;
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
        });

    /// <summary>
    /// Lets caches keep what the route serves, because it has no personal data. They must revalidate it each time.
    /// </summary>
    public static TBuilder IsPublic<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.Sends(static headers => headers.CacheControl = "no-cache");

    private static TBuilder Sends<TBuilder>(this TBuilder routes, Action<IHeaderDictionary> set)
        where TBuilder : IEndpointConventionBuilder
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
