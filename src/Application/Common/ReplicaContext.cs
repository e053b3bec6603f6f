using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>
/// The context of lists. It reads from a replica if the database has one. A replica may lag behind, so no write relies on it.
/// </summary>
public abstract class ReplicaContext(DbContextOptions options) : QueryContext(options)
{
    /// <summary>
    /// Tags a query that must read the users along an index which has them in the order of the query, however few match.
    /// </summary>
    public const string WalkTag = "A walk along an index";

    /// <summary>All users, untracked, read in one pass over the table and never through an index.</summary>
    public abstract IQueryable<User> UsersByScan { get; }

    /// <summary>
    /// Whether <see cref="UsersWithTerms"/> finds the users one by one in id order, so that reading only the first is cheap. If
    /// not, it finds all at once, in no order.
    /// </summary>
    public abstract bool FindsInOrder(IReadOnlyList<SearchTerm> terms);

    /// <summary>The users whose search text has all of these terms, found by an index.</summary>
    /// <param name="terms">The terms, at least one.</param>
    /// <param name="after">The users have greater ids than this.</param>
    /// <param name="upTo">The users have no greater ids than this.</param>
    public abstract IQueryable<User> UsersWithTerms(
        IReadOnlyList<SearchTerm> terms, long after = 0, long upTo = long.MaxValue);
}
