using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Pooled contexts, each on a connection from the pool for its purpose.</summary>
internal sealed class PostgresContexts(PostgresDataSources sources) : IDbContextFactory<ReplicaContext>
{
    private readonly PooledDbContextFactory<PostgresReadContext> _readers =
        new(PostgresModel.Use<PostgresReadContext>().AddInterceptors(new ReadOnlyTransaction()).Options);
    private readonly PooledDbContextFactory<PostgresWriteContext> _writers =
        new(PostgresModel.Use<PostgresWriteContext>().Options);

    public PostgresWriteContext Writer()
    {
        var db = _writers.CreateDbContext();
        db.Database.SetDbConnection(sources.Write(), contextOwnsConnection: true);
        db.StartOver();
        return db;
    }

    public ReadContext Reader() => _readers.CreateDbContext().On(sources.Read());

    /// <summary>Creates a context that reads from a standby, and from the primary if the standby fails.</summary>
    public ReplicaContext CreateDbContext() =>
        _readers.CreateDbContext().On(sources.List(), sources.HasSeveralHosts ? sources.ListAfterFailure : null);
}
