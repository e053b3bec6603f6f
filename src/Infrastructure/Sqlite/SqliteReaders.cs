using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Readers that stay open between requests: opening one costs more than a point read. More are opened when all are
/// leased; no more than <see cref="DatabaseOptions.Readers"/> are kept.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file, IOptions<DatabaseOptions> options)
    : IDbContextFactory<ReplicaContext>, IDisposable
{
    private readonly ConcurrentStack<SqliteReadContext> _idle = [];
    private volatile bool _closed;

    public ReplicaContext CreateDbContext() => (_idle.TryPop(out var reader) ? reader : Open()).Lease();

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

    private SqliteReadContext Open()
    {
        var commands = new KeptCommands();
        var settings = SqliteModel.Use<SqliteReadContext>(file.OpenReader())
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .AddInterceptors(commands);
        return new SqliteReadContext(settings.Options, this, commands);
    }
}
