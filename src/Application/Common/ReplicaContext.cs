using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>
/// What lists see: a replica where the database has one, which may be some moments behind. No decision of a write rests on it.
/// </summary>
public abstract class ReplicaContext(DbContextOptions options) : ReadContext(options)
{
    /// <summary>All users, untracked, read from the table in one pass and never through an index.</summary>
    public abstract IQueryable<User> UsersByScan { get; }
}

/// <summary>Reads through a replica.</summary>
internal static class ReplicaReads
{
    /// <summary>Runs short queries on a context of their own, which is given back before the result is used.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled. Databases report a statement that was interrupted as an error of their own.
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
