using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Readers that stay open between requests, because opening one costs more than a point read. More are opened if all are leased;
/// at most <see cref="DatabaseOptions.Readers"/> are kept.
/// </summary>
/// <remarks>
/// As a factory, the pool lends readers to lists, only a few at once: a list may keep a core busy for a quarter of a second, and
/// lists must leave room for other requests. Lists that wait use neither a thread nor a connection.
/// </remarks>
internal sealed class SqliteReaderPool(SqliteFile file, IOptions<DatabaseOptions> options)
    : IDbContextFactory<ReplicaContext>, IDisposable
{
    /// <summary>The number of lists that may be read at once: half of the cores, at least one.</summary>
    internal static readonly int MaxLists = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly ConcurrentStack<SqliteReadContext> _idle = [];
    private readonly SemaphoreSlim _lists = new(MaxLists);
    private volatile bool _closed;

    /// <summary>Lends a reader for short reads, without waiting.</summary>
    public SqliteReadContext Lease() => Take().Lease();

    /// <summary>Waits until a list may be read, and lends a reader. The token also interrupts the statement it runs.</summary>
    public async Task<ReplicaContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        await _lists.WaitAsync(cancellationToken);
        return TakeForList(cancellationToken);
    }

    /// <summary>Waits until a list may be read, and lends a reader.</summary>
    public ReplicaContext CreateDbContext()
    {
        _lists.Wait();
        return TakeForList(CancellationToken.None);
    }

    public void Return(SqliteReadContext reader)
    {
        if (_closed || _idle.Count >= options.Value.Readers)
            Close(reader);
        else
            _idle.Push(reader);
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryPop(out var reader))
            Close(reader);
    }

    private static void Close(SqliteReadContext reader)
    {
        using var connection = reader.Database.GetDbConnection();
        reader.Close();
    }

    private SqliteReadContext TakeForList(CancellationToken cancellationToken)
    {
        try
        {
            return Take().Lease(_lists, cancellationToken);
        }
        catch
        {
            _lists.Release();
            throw;
        }
    }

    private SqliteReadContext Take() => _idle.TryPop(out var reader) ? reader : Open();

    private SqliteReadContext Open()
    {
        var commands = new PreparedCommandCache();
        var settings = SqliteModel.Use<SqliteReadContext>(file.OpenReader())
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(commands);
        var reader = new SqliteReadContext(settings.Options, this, commands);
        reader.WatchCancellation();
        return reader;
    }
}
