using Microsoft.AspNetCore.Routing;
using UserCqrs.ArchitectureTests.Canaries;

namespace UserCqrs.Web;

internal static class Routes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Add<EndpointWithDatabaseInAsyncLambda>(routes);
        Add<EndpointWithDatabaseBehindHelper>(routes);
        Add<UnsealedEndpoint>(routes);
        Add<TwiceMappedEndpoint>(routes);
        Add<TwiceMappedEndpoint>(routes);
    }

    private static void Add<TEndpoint>(IEndpointRouteBuilder routes) where TEndpoint : IEndpoint => TEndpoint.Map(routes);
}
