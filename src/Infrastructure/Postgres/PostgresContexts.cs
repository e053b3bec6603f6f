using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Pooled contexts, each on a connection from the pool for its purpose.</summary>
internal sealed class PostgresContexts(PostgresDataSources sources) : IReplica
{
    private readonly PooledDbContextFactory<PostgresWriteContext> _writers =
        new(PostgresModel.Use<PostgresWriteContext>().Options);
    private readonly PooledDbContextFactory<PostgresReadContext> _readers =
        new(PostgresModel.Use<PostgresReadContext>().AddInterceptors(new ReadOnlyTransaction()).Options);
    private readonly PooledDbContextFactory<PostgresReplicaContext> _replicas =
        new(PostgresModel.Use<PostgresReplicaContext>().AddInterceptors(new ReadOnlyTransaction()).Options);

    /// <summary>Lets one large command run at a time. The others wait here, and so without a connection.</summary>
    public SemaphoreSlim LargeCommands { get; } = new(1);

    public PostgresWriteContext Writer()
    {
        var db = _writers.CreateDbContext();
        db.Database.SetDbConnection(sources.Write(), contextOwnsConnection: true);
        db.StartOver();
        return db;
    }

    public PostgresReadContext Reader()
    {
        var db = _readers.CreateDbContext();
        db.Database.SetDbConnection(sources.Read(), contextOwnsConnection: true);
        return db;
    }

    /// <inheritdoc/>
    /// <remarks>Reads from a standby, and from the primary if the standby fails or the queries must be fresh.</remarks>
    public async Task<T> ReadAsync<T>(
        Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken, bool isFresh = false)
    {
        await using var db = isFresh
            ? _replicas.CreateDbContext().On(sources.ListOnPrimary())
            : _replicas.CreateDbContext().On(sources.List(), sources.HasSeveralHosts ? sources.ListAfterFailure : null);
        return await DatabaseFaults.TranslateAsync(() => read(db));
    }
}
