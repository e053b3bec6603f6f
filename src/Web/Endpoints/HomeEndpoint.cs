using FastEndpoints;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints;

/// <summary><c>GET /</c> sends a browser to the interactive page.</summary>
internal sealed class HomeEndpoint : EndpointWithoutRequest
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/");
        AllowAnonymous();
        RequestBinder(Binder.Nothing);
        Options(static route => route.ExcludeFromDescription());
    }

    public override Task HandleAsync(CancellationToken ct) => TypedResults.Redirect("/docs").ExecuteAsync(HttpContext);
}
