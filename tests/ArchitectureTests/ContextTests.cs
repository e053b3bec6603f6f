using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.ArchitectureTests.Canaries;
using UserCqrs.ArchitectureTests.Support;

namespace UserCqrs.ArchitectureTests;

public sealed class ContextTests
{
    private static readonly Type[] Kinds = [typeof(WriteContext), typeof(ReadContext), typeof(ReplicaContext)];

    // Otherwise a context that may be stale could be passed where one that never is stale is expected.
    private static readonly Rule OneKind = new(
        type => type.IsSubclassOf(typeof(DbContext)) && type != typeof(QueryContext),
        type => Kinds.Count(type.IsAssignableTo) is var count and not 1 ? [$"is of {count} kinds of context"] : []);

    [Fact]
    public void Every_context_writes_or_reads_the_primary_or_reads_a_replica() =>
        OneKind.HoldsIn(Solution.Application, Solution.Infrastructure);

    [Fact]
    public void Contexts_of_no_kind_are_found() => OneKind.Catches(typeof(ContextOfNoKind));
}
