using FastEndpoints;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints;

/// <summary><c>GET /</c> redirects browsers to the interactive page, and lists the main addresses for other clients.</summary>
internal sealed class HomeEndpoint : EndpointWithoutRequest
{
    private static readonly string Text = $"""
        UserCqrs {Service.Version}: a directory of users behind a REST API.

        Users             /v1/users (a key may be needed: Authorization: Bearer <key>)
        Documentation     /docs
        OpenAPI document  /openapi.json
        Health checks     /health/live /health/ready

        """;

    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/");
        AllowAnonymous();
        RequestBinder(Binder.Nothing);
        Options(static route => route.IsPublic().ExcludeFromDescription());
    }

    public override Task HandleAsync(CancellationToken ct)
    {
        HttpContext.Response.Headers.Vary = "Accept";
        var isBrowser = HttpContext.Request.GetTypedHeaders().Accept.Any(range =>
            range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && range.Quality is not 0);
        IResult result = isBrowser ? TypedResults.Redirect("/docs") : TypedResults.Text(Text);
        return result.ExecuteAsync(HttpContext);
    }
}
