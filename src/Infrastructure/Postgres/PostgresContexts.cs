using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Contexts, pooled, each on the connection that what it is for asks for.</summary>
internal sealed class PostgresContexts(PostgresSources sources) : IDbContextFactory<ReplicaContext>
{
    private readonly PooledDbContextFactory<PostgresReadContext> _readers = new(PostgresModel.Use<PostgresReadContext>().Options);
    private readonly PooledDbContextFactory<PostgresWriteContext> _writers = new(PostgresModel.Use<PostgresWriteContext>().Options);

    public PostgresWriteContext Writer()
    {
        var db = _writers.CreateDbContext();
        db.Database.SetDbConnection(sources.Write(), contextOwnsConnection: true);
        db.StartOver();
        return db;
    }

    public ReadContext Reader() => _readers.CreateDbContext().On(sources.Read());

    /// <summary>What the standby cannot answer, the primary does.</summary>
    public ReplicaContext CreateDbContext() =>
        _readers.CreateDbContext().On(sources.List(), sources.HasSeveralHosts ? sources.ListAfterFailure : null);
}
