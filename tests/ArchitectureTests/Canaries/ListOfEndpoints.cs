using UserCqrs.ArchitectureTests.Canaries;

namespace UserCqrs.Web.Endpoints;

// Stands in for the list of Web.
internal static class DependencyInjection
{
    internal static readonly List<Type> All =
    [
        typeof(EndpointWithDatabaseInAsyncLambda), typeof(EndpointWithDatabaseBehindHelper), typeof(UnsealedEndpoint),
        typeof(TwiceListedEndpoint), typeof(TwiceListedEndpoint),
    ];
}
