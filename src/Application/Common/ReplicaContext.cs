using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>
/// The context of lists. It reads from a replica if the database has one. A replica may lag behind, so no write relies on it.
/// </summary>
public abstract class ReplicaContext(DbContextOptions options) : ReadContext(options)
{
    /// <summary>All users, untracked, read in one pass over the table and never through an index.</summary>
    public abstract IQueryable<User> UsersByScan { get; }
}

/// <summary>Reads through a replica.</summary>
internal static class ReplicaReads
{
    /// <summary>Runs short queries on their own context, and returns it to its pool before the result is used.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled. It replaces the error with which the database reports an interrupted statement.
    /// </exception>
    public static async Task<T> ReadAsync<T>(
        this IDbContextFactory<ReplicaContext> replicas, Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var db = await replicas.CreateDbContextAsync(cancellationToken);
        try
        {
            return await read(db);
        }
        catch (Exception e) when (e is not OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The read was cancelled.", e, cancellationToken);
        }
    }
}
