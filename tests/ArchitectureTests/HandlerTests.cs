using MediatR;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class HandlerTests
{
    // With the mediator, a query could send a command.
    private static readonly string[] WriteSide =
    [
        typeof(WriteContext).FullName!, typeof(IUnitOfWork).FullName!, typeof(DbSet<>).FullName!, typeof(IMediator).FullName!,
        $"{typeof(IApiKeyStore).FullName}.{nameof(IApiKeyStore.AddAsync)}",
        $"{typeof(IApiKeyStore).FullName}.{nameof(IApiKeyStore.RevokeAsync)}",
        $"{typeof(IApiKeyStore).FullName}.{nameof(IApiKeyStore.MarkUsedAsync)}",
    ];

    private static readonly string[] ReadSide =
    [
        typeof(QueryContext).FullName!, typeof(ReadContext).FullName!, typeof(ReplicaContext).FullName!, typeof(IReplica).FullName!,
        typeof(IMediator).FullName!,
    ];

    private static readonly Rule QueriesDoNotWrite = new(Kinds.IsQueryHandler, type => Reach.Of(type).Where(IsWriteSide));

    private static readonly Rule CommandsDoNotQuery = new(
        Kinds.IsCommandHandler, type => Reach.Of(type).Where(ReadSide.Contains));

    private static readonly Rule NoHttp = new(Kinds.IsHandler, type => Reach.Of(type).Where(IsHttp));

    private static readonly Rule Sealed = new(Kinds.IsHandler, type => type.IsSealed ? [] : ["is not sealed"]);

    private static readonly Rule Internal = new(
        type => type.IsHandler() || type.IsValidator() || type.IsBehavior(),
        type => type.IsVisible ? ["is public"] : []);

    [Fact]
    public void Query_handlers_never_reach_the_write_side() => QueriesDoNotWrite.HoldsIn(Solution.Application);

    [Fact]
    public void Query_handlers_that_reach_the_write_side_are_found() => QueriesDoNotWrite.Catches(
        typeof(QueryHandlerWithWriteContextInAsyncMethod),
        typeof(QueryHandlerThatSaves),
        typeof(QueryHandlerThatRevokesKey),
        typeof(QueryHandlerThatSendsCommand));

    [Fact]
    public void Command_handlers_never_reach_the_read_side() => CommandsDoNotQuery.HoldsIn(Solution.Application);

    [Fact]
    public void Command_handlers_that_reach_the_read_side_are_found() =>
        CommandsDoNotQuery.Catches(typeof(CommandHandlerWithReadContextInAsyncMethod));

    [Fact]
    public void Handlers_never_see_HTTP() => NoHttp.HoldsIn(Solution.Application);

    [Fact]
    public void Handlers_that_see_HTTP_are_found() => NoHttp.Catches(typeof(QueryHandlerThatSeesHttp));

    [Fact]
    public void Handlers_are_sealed() => Sealed.HoldsIn(Solution.Application);

    [Fact]
    public void Handlers_that_are_not_sealed_are_found() => Sealed.Catches(typeof(UnsealedPublicHandler));

    [Fact]
    public void Handlers_validators_and_behaviours_are_not_public() =>
        Internal.HoldsIn(Solution.Application, Solution.Infrastructure);

    [Fact]
    public void Handlers_validators_and_behaviours_that_are_public_are_found() =>
        Internal.Catches(typeof(UnsealedPublicHandler), typeof(PublicValidator), typeof(PublicBehavior<,>));

    private static bool IsWriteSide(string name) =>
        WriteSide.Contains(name) || name.Contains(".SaveChanges", StringComparison.Ordinal)
        || name.Contains(".ExecuteUpdate", StringComparison.Ordinal) || name.Contains(".ExecuteDelete", StringComparison.Ordinal);

    private static bool IsHttp(string name) =>
        name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal)
        || name.StartsWith("System.Net.", StringComparison.Ordinal);
}
