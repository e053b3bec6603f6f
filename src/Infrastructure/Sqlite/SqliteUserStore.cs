using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using UserCqrs.Infrastructure.Copying;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The users in a file, which the service must have let go of: what it wrote meanwhile would be left behind.</summary>
internal sealed class SqliteUserStore : IUserStore
{
    private const string Columns = "id, name, email, email_key, created_at, updated_at, version";

    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;

    private SqliteUserStore(SqliteFile file, SqliteConnection connection)
    {
        _file = file;
        _connection = connection;
    }

    /// <exception cref="ConfigurationException">The file is in use, or not a database of this service.</exception>
    public static async Task<SqliteUserStore> OpenAsync(SqliteLocation location, bool writes, CancellationToken cancellationToken)
    {
        if (!writes && !File.Exists(location.File))
            throw new ConfigurationException($"There is no file {location.File} to copy from.");
        var file = new SqliteFile(location);
        try
        {
            file.Lock();
            var connection = file.OpenWriter();
            await using (var db = new SqliteWriteContext(SqliteModel.Use<SqliteWriteContext>(connection).Options))
                await SqliteMigrator.MigrateAsync(db, cancellationToken);
            SqliteFile.Execute(connection, writes ? "BEGIN IMMEDIATE" : "BEGIN");
            return new SqliteUserStore(file, connection);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        Task.FromResult(SqliteFile.Scalar(_connection, "SELECT count(*) FROM users"));

    public Task<long> LastIdAsync(CancellationToken cancellationToken) =>
        Task.FromResult(SqliteFile.Scalar(_connection, "SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'users'"));

    public async IAsyncEnumerable<UserRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM users ORDER BY id";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6));
        }
    }

    public async Task WriteAsync(IAsyncEnumerable<UserRow> users, CancellationToken cancellationToken)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = $"INSERT INTO users ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        var parameters = Enumerable.Range(1, 7).Select(i => command.Parameters.AddWithValue($"${i}", null)).ToArray();
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            (parameters[0].Value, parameters[1].Value, parameters[2].Value) = (user.Id, user.Name, user.Email);
            (parameters[3].Value, parameters[4].Value) = (user.EmailKey, user.CreatedAt);
            (parameters[5].Value, parameters[6].Value) = (user.UpdatedAt, user.Version);
            command.ExecuteNonQuery();
        }
    }

    public Task ContinueAfterAsync(long id, CancellationToken cancellationToken)
    {
        SqliteFile.Execute(_connection, $"""
            DELETE FROM sqlite_sequence WHERE name = 'users';
            INSERT INTO sqlite_sequence (name, seq) VALUES ('users', {id});
            """);
        return Task.CompletedTask;
    }

    public Task CommitAsync()
    {
        SqliteFile.Execute(_connection, "COMMIT");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose(); // with the connection
        return ValueTask.CompletedTask;
    }
}
