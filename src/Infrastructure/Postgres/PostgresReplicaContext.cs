using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>The context of lists on PostgreSQL: on a standby if there is one, and on the primary if the standby fails.</summary>
internal sealed class PostgresReplicaContext(DbContextOptions<PostgresReplicaContext> options) : ReplicaContext(options)
{
    private const int StandbyTimeout = 2; // seconds, short enough to read from the primary after a standby hangs

    private Func<DbConnection>? _fallback;

    /// <inheritdoc/>
    /// <remarks>
    /// OFFSET prevents the planner from moving conditions and sorts into the subquery, where it would choose an index for them.
    /// </remarks>
    public override IQueryable<User> UsersByScan => Set<User>().FromSql($"SELECT * FROM users OFFSET 0").AsNoTracking();

    /// <inheritdoc/>
    public override bool FindsInOrder(IReadOnlyList<SearchTerm> terms) => false;

    /// <inheritdoc/>
    /// <remarks>OFFSET keeps the planner from finding the users by another index.</remarks>
    public override IQueryable<User> UsersWithTerms(
        IReadOnlyList<SearchTerm> terms, long after = 0, long upTo = long.MaxValue)
    {
        var query = PostgresSearchIndex.Query(terms);
        return Set<User>().FromSql($"SELECT * FROM users WHERE users_search_terms(search_text) @@ {query}::tsquery OFFSET 0")
            .Where(user => user.Id > after && user.Id <= upTo).AsNoTracking();
    }

    /// <summary>Sets the connection, and the source of another connection to use after a failure.</summary>
    public PostgresReplicaContext On(DbConnection connection, Func<DbConnection>? fallback = null)
    {
        _fallback = fallback;
        Database.SetCommandTimeout(fallback is null ? null : StandbyTimeout);
        Database.SetDbConnection(connection, contextOwnsConnection: true);
        return this;
    }

    /// <summary>Whether there is a fallback that has not been used.</summary>
    public bool HasFallback => _fallback is not null;

    /// <summary>Switches to the fallback.</summary>
    public void FallBack() => On(_fallback!());
}
