using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>
/// The context of lists. It reads from a replica if the database has one. A replica may lag behind, so no write relies on it.
/// </summary>
public abstract class ReplicaContext(DbContextOptions options) : QueryContext(options)
{
    /// <summary>All users, untracked, read in one pass over the table and never through an index.</summary>
    public abstract IQueryable<User> UsersByScan { get; }

    /// <summary>
    /// Whether <see cref="UsersWithTrigrams"/> finds the users one by one in id order, so that reading only the first is cheap. If
    /// not, it finds all at once, in no order.
    /// </summary>
    public abstract bool FindsInOrder(IReadOnlyList<Trigram> trigrams);

    /// <summary>The users whose search text has all of these trigrams, found by an index, with ids after the given one.</summary>
    public abstract IQueryable<User> UsersWithTrigrams(IReadOnlyList<Trigram> trigrams, long after = 0);
}
