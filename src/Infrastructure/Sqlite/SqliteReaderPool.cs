using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Readers that stay open between requests, because opening one costs more than a point read. More are opened if all are leased;
/// at most <see cref="DatabaseOptions.Readers"/> are kept for reads of one user, and as many for lists as may be read at once.
/// </summary>
/// <remarks>
/// Only a few lists are read at once, and one that takes long, or a count: they may keep a core busy for a second, and must leave
/// room for other requests. They have threads of their own; those that wait use neither a thread nor a connection.
/// </remarks>
internal sealed class SqliteReaderPool(SqliteFile file, IOptions<DatabaseOptions> options) : IReplica, IDisposable
{
    /// <summary>The number of lists that may be read at once: that of the cores, because other work has priority.</summary>
    internal static readonly int MaxLists = Environment.ProcessorCount;

    private readonly ConcurrentStack<SqliteReadContext> _idle = [];
    private readonly ConcurrentStack<SqliteReplicaContext> _idleForLists = [];
    private readonly LowPriorityThreads _lists = new(MaxLists, "Lists");
    private readonly LowPriorityThreads _longReads = new(1, "Long reads");
    private volatile bool _closed;

    /// <summary>Lends a reader for short reads, without waiting.</summary>
    public SqliteReadContext Lease() =>
        (_idle.TryPop(out var reader) ? reader : new(Open<SqliteReadContext>(), this)).Lease();

    /// <inheritdoc/>
    /// <remarks>Waits until a list may be read. The token also interrupts the running statement.</remarks>
    public Task<T> ReadAsync<T>(
        Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken, bool isFresh = false) =>
        ReadAsync(_lists, read, cancellationToken);

    /// <inheritdoc/>
    public Task<T> ReadLongAsync<T>(
        Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken, bool isFresh = false) =>
        ReadAsync(_longReads, read, cancellationToken);

    public void Return(SqliteReadContext reader)
    {
        if (_closed || _idle.Count >= options.Value.Readers)
            reader.Close();
        else
            _idle.Push(reader);
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryPop(out var reader))
            reader.Close();
        while (_idleForLists.TryPop(out var reader))
            reader.Dispose();
        _lists.Dispose();
        _longReads.Dispose();
    }

    private async Task<T> ReadAsync<T>(
        LowPriorityThreads threads, Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await threads.RunAsync(
                () => DatabaseFaults.TranslateAsync(() => ReadNowAsync(read, cancellationToken)), cancellationToken);
        }
        catch (DatabaseUnavailableException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The read was cancelled.", e, cancellationToken); // SQLite reports an interrupt
        }
    }

    private async Task<T> ReadNowAsync<T>(Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken)
    {
        var reader = _idleForLists.TryPop(out var idle) ? idle : OpenForLists();
        reader.Cancellation = cancellationToken;
        try
        {
            return await read(reader);
        }
        finally
        {
            if (_closed)
                await reader.DisposeAsync();
            else
                _idleForLists.Push(reader);
        }
    }

    private SqliteReplicaContext OpenForLists()
    {
        var reader = new SqliteReplicaContext(Open<SqliteReplicaContext>());
        reader.WatchCancellation();
        return reader;
    }

    private DbContextOptions<TContext> Open<TContext>() where TContext : QueryContext =>
        SqliteModel.Use<TContext>(file.OpenReader(), contextOwnsConnection: true)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(new PreparedCommandCache())
            .Options;
}
