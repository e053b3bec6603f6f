using FastEndpoints;

namespace UserCqrs.Web.Endpoints;

/// <summary><c>GET /</c> sends a browser to the interactive page.</summary>
internal sealed class HomeEndpoint : EndpointWithoutRequest<IResult>
{
    public override void Configure()
    {
        Verbs("GET", "HEAD");
        Routes("/");
        AllowAnonymous();
        Options(static route => route.ExcludeFromDescription());
    }

    public override Task<IResult> ExecuteAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(TypedResults.Redirect("/docs"));
}
