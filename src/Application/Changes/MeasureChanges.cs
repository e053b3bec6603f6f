using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Changes;

/// <summary>Measures the log of changes, for metrics.</summary>
[NothingToValidate("only the service itself sends it")]
public sealed record MeasureChanges : IQuery<ChangeLogSize>;

/// <summary>The size of the log of changes.</summary>
/// <param name="Entries">The number of entries, or a little more on PostgreSQL, where failed transactions leave gaps.</param>
/// <param name="Kept">The age of the oldest entry.</param>
/// <param name="Lag">The age of the oldest entry that readers cannot see yet; zero if they see all.</param>
public sealed record ChangeLogSize(long Entries, TimeSpan Kept, TimeSpan Lag);

internal sealed class MeasureChangesHandler(IReplica replica, IChangeHorizon horizon, TimeProvider clock)
    : IQueryHandler<MeasureChanges, ChangeLogSize>
{
    public async Task<Result<ChangeLogSize>> Handle(MeasureChanges request, CancellationToken cancellationToken)
    {
        var complete = await horizon.ReadAsync(cancellationToken);
        var (oldest, newest, hidden) = await replica.ReadAsync(
            async db => (
                await db.Changes.OrderBy(change => change.Id).FirstAsync(cancellationToken),
                await db.Changes.MaxAsync(change => change.Id, cancellationToken),
                await db.Changes.Where(change => change.Id > complete).OrderBy(change => change.Id)
                    .FirstOrDefaultAsync(cancellationToken)),
            cancellationToken, isFresh: true);
        var now = clock.GetUtcNow();
        return new ChangeLogSize(newest - oldest.Id + 1, now - oldest.At, hidden is null ? TimeSpan.Zero : now - hidden.At);
    }
}
