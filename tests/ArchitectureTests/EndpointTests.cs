using Microsoft.EntityFrameworkCore;
using Mono.Cecil;
using UserCqrs.Application.Common;
using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class EndpointTests
{
    private static readonly string[] Database =
    [
        typeof(ReadContext).FullName!, typeof(ReplicaContext).FullName!, typeof(WriteContext).FullName!, typeof(IUnitOfWork).FullName!,
    ];

    private static readonly Rule NoDatabase = new(
        type => type.IsEndpoint() || $"{type.Namespace}.".StartsWith("UserCqrs.Web.Endpoints.", StringComparison.Ordinal),
        type => Reach.Of(type).Where(IsDatabase));

    private static readonly Rule MappedOnce = new(Kinds.IsEndpoint, type =>
        RoutesTo(type) is var count and not 1 ? [$"is mapped {count} times"] : []);

    private static readonly Rule Sealed = new(Kinds.IsEndpoint, type => type.IsSealed ? [] : ["is not sealed"]);

    [Fact]
    public void Endpoints_never_reach_a_database() => NoDatabase.HoldsIn(Solution.Web);

    [Fact]
    public void Endpoints_that_reach_a_database_are_found() => NoDatabase.Catches(
        typeof(EndpointWithDatabaseInAsyncLambda),
        typeof(EndpointWithDatabaseBehindHelper),
        typeof(Web.Endpoints.NeighbourOfEndpointsWithDatabase));

    [Fact]
    public void Every_endpoint_is_mapped_exactly_once() => MappedOnce.HoldsIn(Solution.Web);

    [Fact]
    public void Endpoints_that_are_not_mapped_or_twice_are_found() =>
        MappedOnce.Catches(typeof(UnmappedEndpoint), typeof(TwiceMappedEndpoint));

    [Fact]
    public void Endpoints_are_sealed() => Sealed.HoldsIn(Solution.Web);

    [Fact]
    public void Endpoints_that_are_not_sealed_are_found() => Sealed.Catches(typeof(UnsealedEndpoint));

    private static bool IsDatabase(string name) =>
        Database.Contains(name) || name.StartsWith($"{typeof(DbContext).Namespace}.", StringComparison.Ordinal);

    private static int RoutesTo(Type endpoint)
    {
        var routes = endpoint.Assembly.GetType("UserCqrs.Web.Routes", throwOnError: true)!;
        return Il.MethodsOf(routes).SelectMany(Il.Calls).OfType<GenericInstanceMethod>()
            .Count(call => call.GenericArguments.Any(argument => argument.FullName == endpoint.FullName));
    }
}
