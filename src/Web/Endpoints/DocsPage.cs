using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints;

/// <summary><c>GET /docs</c>: the interactive documentation page. The service serves all its files.</summary>
internal static class DocsPage
{
    // Swashbuckle's own page needs a laxer content security policy: it has an inline style and a script with an eval.
    private static readonly byte[] Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>UserCqrs</title>
        <link rel="stylesheet" href="swagger-ui.css"><link rel="stylesheet" href="page.css">
        <link rel="icon" type="image/png" href="favicon-32x32.png"></head>
        <body><div id="swagger-ui"></div><script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body>
        </html>

        """u8.ToArray();

    private const string Start = """
        const dark = matchMedia('(prefers-color-scheme: dark)');
        const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
        dark.addEventListener('change', follow);
        follow();
        SwaggerUIBundle({ dom_id: '#swagger-ui', url: '/openapi.json', validatorUrl: null });

        """;

    // The document is complete. The page hides what adds nothing: HEAD, and the bodies of errors that every route has.
    private const string Style = """
        .opblock-head { display: none; }
        .dark-mode .swagger-ui .headers .header-col { color: inherit; }
        .response:is([data-code="401"], [data-code="403"], [data-code="406"], [data-code="408"], [data-code="413"],
          [data-code="415"], [data-code="421"], [data-code="429"], [data-code="500"], [data-code="503"])
          :is(.response-controls, .model-example, .headers-wrapper) {
          display: none;
        }

        """;

    public static void MapDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/docs/start.js", ["GET", "HEAD"], () => TypedResults.Content(Start, "text/javascript; charset=utf-8"))
            .ServesPages().AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/docs/page.css", ["GET", "HEAD"], () => TypedResults.Content(Style, "text/css; charset=utf-8"))
            .ServesPages().AllowAnonymous().ExcludeFromDescription();
        var files = routes.MapSwaggerUI("docs", page => page.IndexStream = () => new MemoryStream(Page));
        files.ServesPages().AllowAnonymous();
        files.Add(endpoint =>
        {
            var serve = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                context.Response.OnStarting(CorrectHeaders, context.Response);
                return serve(context);
            };
        });
    }

    private static Task CorrectHeaders(object state)
    {
        var response = (HttpResponse)state;
        response.Headers.Remove("x-swagger-ui-version");
        if (response.StatusCode == StatusCodes.Status200OK)
            response.Headers.CacheControl = "no-cache"; // Swashbuckle's value excludes shared caches: max-age=0, private
        return Task.CompletedTask;
    }
}
