using System.Reflection;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class EndpointTests
{
    private static readonly string[] Database =
    [
        typeof(QueryContext).FullName!, typeof(ReadContext).FullName!, typeof(ReplicaContext).FullName!, typeof(IReplica).FullName!,
        typeof(WriteContext).FullName!, typeof(IUnitOfWork).FullName!, typeof(IApiKeyStore).FullName!,
    ];

    private static readonly Rule NoDatabase = new(
        type => type.IsEndpoint() || $"{type.Namespace}.".StartsWith("UserCqrs.Web.Endpoints.", StringComparison.Ordinal),
        type => Reach.Of(type).Where(IsDatabase));

    private static readonly Rule Listed = new(Kinds.IsEndpoint, type =>
        ListedIn(type.Assembly).Count(listed => listed == type) is var count and not 1 ? [$"is listed {count} times"] : []);

    private static readonly Rule Sealed = new(Kinds.IsEndpoint, type => type.IsSealed ? [] : ["is not sealed"]);

    [Fact]
    public void Endpoints_never_reach_a_database() => NoDatabase.HoldsIn(Solution.Web);

    [Fact]
    public void Endpoints_that_reach_a_database_are_found() => NoDatabase.Catches(
        typeof(EndpointWithDatabaseInAsyncLambda),
        typeof(EndpointWithDatabaseBehindHelper),
        typeof(Web.Endpoints.DependencyInjection), // by the endpoints that it lists
        typeof(Web.Endpoints.NeighbourOfEndpointsWithDatabase));

    [Fact]
    public void Every_endpoint_is_listed_once_for_FastEndpoints() => Listed.HoldsIn(Solution.Web);

    [Fact]
    public void Endpoints_that_are_not_listed_or_twice_are_found() => Listed.Catches(typeof(UnlistedEndpoint), typeof(TwiceListedEndpoint));

    [Fact]
    public void Endpoints_are_sealed() => Sealed.HoldsIn(Solution.Web);

    [Fact]
    public void Endpoints_that_are_not_sealed_are_found() => Sealed.Catches(typeof(UnsealedEndpoint));

    private static List<Type> ListedIn(Assembly assembly) =>
        (List<Type>)assembly.GetType("UserCqrs.Web.Endpoints.DependencyInjection", throwOnError: true)!
            .GetField("All", BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!;

    private static bool IsDatabase(string name) =>
        Database.Contains(name) || name.StartsWith($"{typeof(DbContext).Namespace}.", StringComparison.Ordinal);
}
