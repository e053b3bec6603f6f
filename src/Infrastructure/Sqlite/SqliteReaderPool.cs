using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Readers that stay open between requests: opening one costs more than a point read. More are opened when all are
/// leased; no more than <see cref="DatabaseOptions.Readers"/> are kept.
/// </summary>
/// <remarks>
/// A list may keep a core busy for a quarter of a second. As a factory this lends readers to lists, few at once, so that however
/// many are asked for, they leave room for everything else; the others wait without a thread or a connection.
/// </remarks>
internal sealed class SqliteReaderPool(SqliteFile file, IOptions<DatabaseOptions> options)
    : IDbContextFactory<ReplicaContext>, IDisposable
{
    /// <summary>How many lists are read at once: half of the cores.</summary>
    internal static readonly int MaxLists = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly ConcurrentStack<SqliteReadContext> _idle = [];
    private readonly SemaphoreSlim _lists = new(MaxLists);
    private volatile bool _closed;

    /// <summary>A reader for short reads, at once.</summary>
    public SqliteReadContext Lease() => Take().Lease();

    /// <summary>A reader for a list, when it is its turn. The token also ends the statement that runs on it.</summary>
    public async Task<ReplicaContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        await _lists.WaitAsync(cancellationToken);
        return TakeForList(cancellationToken);
    }

    /// <summary>A reader for a list, when it is its turn.</summary>
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
