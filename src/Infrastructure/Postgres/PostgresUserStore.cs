using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.Options;
using Npgsql;
using UserCqrs.Infrastructure.Copying;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The users of a PostgreSQL database at one moment. Later writes to a source are not copied; writes to a target are blocked
/// until the copy ends.
/// </summary>
internal sealed class PostgresUserStore : IUserStore
{
    private readonly PostgresDataSources _sources;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly IReadOnlyModel _model;

    private PostgresUserStore(
        PostgresDataSources sources, NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyModel model,
        UserColumn[] columns)
    {
        _model = model;
        _sources = sources;
        _connection = connection;
        _transaction = transaction;
        Columns = columns;
    }

    public IReadOnlyList<UserColumn> Columns { get; }

    private string ColumnNames => string.Join(", ", Columns.Select(column => column.Name));

    /// <exception cref="ConfigurationException">The database cannot be used, or is not suited to this service.</exception>
    public static async Task<PostgresUserStore> OpenAsync(
        PostgresLocation location, bool writes, Action<string> report, CancellationToken cancellationToken)
    {
        var withoutTimeout = location with { Settings = new(location.Settings.ConnectionString) { CommandTimeout = 0 } };
        var sources = new PostgresDataSources(withoutTimeout);
        var connection = (NpgsqlConnection)sources.Write();
        try
        {
            await new PostgresMigrator(location, sources, Options.Create(new DatabaseOptions()), attributes: null, report)
                .MigrateAsync(cancellationToken);
            await connection.OpenAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(
                writes ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, cancellationToken);
            await using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);
            var store = new PostgresUserStore(sources, connection, transaction, db.Model, UserColumn.Of(db));
            if (writes)
                await store.ExecuteAsync(
                    $"LOCK TABLE users IN EXCLUSIVE MODE; {PostgresChangeLog.Switch(db.Model, isOn: false)}", cancellationToken);
            return store;
        }
        catch
        {
            await connection.DisposeAsync();
            sources.Dispose();
            throw;
        }
    }

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        ScalarAsync("SELECT count(*) FROM users", cancellationToken);

    public Task<long> LastIdAsync(CancellationToken cancellationToken) => ScalarAsync(
        "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('users', 'id')::regclass), 0)", cancellationToken);

    public async IAsyncEnumerable<object?[]> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {ColumnNames} FROM users ORDER BY id", _connection, _transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var user = new object?[Columns.Count];
            for (var i = 0; i < user.Length; i++)
            {
                user[i] = reader.GetValue(i) switch
                {
                    DBNull => null,
                    DateTime time => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
                    bool flag => flag ? 1L : 0L,
                    var value => value,
                };
            }

            yield return user;
        }
    }

    public async Task WriteAsync(IAsyncEnumerable<object?[]> users, CancellationToken cancellationToken)
    {
        await using var copy = await _connection.BeginBinaryImportAsync(
            $"COPY users ({ColumnNames}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            foreach (var (value, column) in user.Zip(Columns))
                await WriteAsync(copy, value, column.StoreType, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    public async Task ContinueAfterAsync(long id, CancellationToken cancellationToken)
    {
        if (id > 0)
            await ExecuteAsync($"SELECT setval(pg_get_serial_sequence('users', 'id'), {id})", cancellationToken);
    }

    /// <summary>Removes the search index. The next migration makes it again.</summary>
    public Task RemoveSearchIndexAsync(CancellationToken cancellationToken) =>
        ExecuteAsync($"DROP INDEX IF EXISTS {PostgresSearchIndex.Name}", cancellationToken);

    public async Task CommitAsync()
    {
        await ExecuteAsync(PostgresChangeLog.Switch(_model, isOn: true), CancellationToken.None);
        await _transaction.CommitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        _sources.Dispose();
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, string type, CancellationToken cancellationToken) =>
        (value, type) switch
        {
            (null, _) => copy.WriteNullAsync(cancellationToken),
            (long time, "timestamp with time zone") =>
                copy.WriteAsync(DateTime.UnixEpoch.AddTicks(time * TimeSpan.TicksPerMicrosecond), type, cancellationToken),
            (long flag, "boolean") => copy.WriteAsync(flag != 0, type, cancellationToken),
            (long number, _) => copy.WriteAsync(number, type, cancellationToken),
            _ => copy.WriteAsync((string)value, type, cancellationToken),
        };

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<long> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
