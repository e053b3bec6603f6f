using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using UserCqrs.Infrastructure.Copying;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// The users of a PostgreSQL database, as they are at one moment. What instances write to a source after that is left behind; to
/// a target they cannot write meanwhile.
/// </summary>
internal sealed class PostgresUserStore : IUserStore
{
    private const string Columns = "id, name, email, email_key, created_at, updated_at, version";

    private readonly PostgresSources _sources;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private PostgresUserStore(PostgresSources sources, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _sources = sources;
        _connection = connection;
        _transaction = transaction;
    }

    /// <exception cref="ConfigurationException">The database cannot be had, or is not one for this service.</exception>
    public static async Task<PostgresUserStore> OpenAsync(PostgresLocation location, bool writes, CancellationToken cancellationToken)
    {
        var unhurried = location with { Settings = new(location.Settings.ConnectionString) { CommandTimeout = 0 } };
        var sources = new PostgresSources(unhurried);
        var connection = (NpgsqlConnection)sources.Write();
        try
        {
            await new PostgresMigrator(location, sources, Options.Create(new DatabaseOptions())).MigrateAsync(cancellationToken);
            await connection.OpenAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(
                writes ? IsolationLevel.ReadCommitted : IsolationLevel.RepeatableRead, cancellationToken);
            var store = new PostgresUserStore(sources, connection, transaction);
            if (writes)
                await store.ExecuteAsync("LOCK TABLE users IN EXCLUSIVE MODE", cancellationToken);
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

    public async IAsyncEnumerable<UserRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM users ORDER BY id", _connection, _transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                MicrosecondsOf(reader.GetDateTime(4)), MicrosecondsOf(reader.GetDateTime(5)), reader.GetInt64(6));
        }
    }

    public async Task WriteAsync(IAsyncEnumerable<UserRow> users, CancellationToken cancellationToken)
    {
        await using var copy = await _connection.BeginBinaryImportAsync(
            $"COPY users ({Columns}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(user.Id, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(user.Name, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(user.Email, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(user.EmailKey, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(TimeOf(user.CreatedAt), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(TimeOf(user.UpdatedAt), NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(user.Version, NpgsqlDbType.Bigint, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    public async Task ContinueAfterAsync(long id, CancellationToken cancellationToken)
    {
        if (id > 0)
            await ExecuteAsync($"SELECT setval(pg_get_serial_sequence('users', 'id'), {id})", cancellationToken);
    }

    public Task CommitAsync() => _transaction.CommitAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        _sources.Dispose();
    }

    private static long MicrosecondsOf(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static DateTime TimeOf(long microseconds) => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

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
