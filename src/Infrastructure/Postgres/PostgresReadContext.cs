using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>A reader; PostgreSQL itself keeps it from writing (<see cref="ReadOnlyTransaction"/>).</summary>
internal sealed class PostgresReadContext(DbContextOptions<PostgresReadContext> options) : ReplicaContext(options)
{
    private const int StandbyTimeout = 2; // seconds, so that whoever waits for a standby that hangs is still answered in time

    private Func<DbConnection>? _fallback;

    /// <inheritdoc/>
    /// <remarks>OFFSET keeps the planner from moving conditions and sorts into the subquery, where they would choose an index.</remarks>
    public override IQueryable<User> UsersByScan => Set<User>().FromSql($"SELECT * FROM users OFFSET 0").AsNoTracking();

    /// <summary>Reads by this connection, and by one of the fallback's after a failure.</summary>
    public PostgresReadContext On(DbConnection connection, Func<DbConnection>? fallback = null)
    {
        _fallback = fallback;
        Database.SetCommandTimeout(fallback is null ? null : StandbyTimeout);
        Database.SetDbConnection(connection, contextOwnsConnection: true);
        return this;
    }

    /// <summary>Whether there is a fallback left.</summary>
    public bool HasFallback => _fallback is not null;

    /// <summary>Goes over to the fallback.</summary>
    public void FallBack() => On(_fallback!());

    protected override void OnModelCreating(ModelBuilder modelBuilder) => PostgresModel.Build(modelBuilder);
}
