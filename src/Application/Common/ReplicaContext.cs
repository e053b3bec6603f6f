using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>
/// The context of lists. It reads from a replica if the database has one. A replica may lag behind, so no write relies on it.
/// </summary>
public abstract class ReplicaContext(DbContextOptions options) : QueryContext(options)
{
    /// <summary>All users, untracked, read in one pass over the table and never through an index.</summary>
    public abstract IQueryable<User> UsersByScan { get; }
}

/// <summary>The port that reads lists.</summary>
public interface IReplica
{
    /// <summary>Runs short queries on a context of their own, and returns it to its pool before the result is used.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read now.</exception>
    Task<T> ReadAsync<T>(Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken);
}
