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
