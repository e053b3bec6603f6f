using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints;

/// <summary><c>GET /health/live</c>: the process answers. <c>GET /health/ready</c>: so does its database, and it is not stopping.</summary>
internal sealed class HealthEndpoint : IEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false }).WithMetadata(Access.Probe);
        routes.MapHealthChecks("/health/ready").WithMetadata(Access.Probe);
    }
}
