using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints;

/// <summary><c>GET /</c> sends a browser to the interactive page.</summary>
internal sealed class HomeEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/", ["GET", "HEAD"], () => TypedResults.Redirect("/docs"))
            .WithMetadata(Access.Anyone).ExcludeFromDescription();
}
