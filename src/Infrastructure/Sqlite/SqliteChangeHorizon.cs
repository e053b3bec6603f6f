using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Tells up to which entry the log of changes is complete: with one writer, that is the last one.</summary>
internal sealed class SqliteChangeHorizon(IReplica replica) : IChangeHorizon
{
    /// <inheritdoc/>
    public Task<long> ReadAsync(CancellationToken cancellationToken) => replica.ReadAsync(
        async db => await db.Changes.MaxAsync(change => (long?)change.Id, cancellationToken) ?? 0, cancellationToken);
}
