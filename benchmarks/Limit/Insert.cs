using Microsoft.Data.Sqlite;

namespace UserCqrs.Limit;

/// <summary>The connection that writes, and its one statement.</summary>
internal sealed class Insert : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public Insert(string file)
    {
        _connection = Database.OpenWriter(file);
        _insert = Prepare(
            """
            INSERT INTO users (name, email, email_key, created_at, updated_at, version)
            VALUES ($name, $email, $key, $now, $now, 1) RETURNING id
            """,
            "$name", "$email", "$key", "$now");
    }

    public SqliteCommand Prepare(string sql, params string[] parameters) => Database.Prepare(_connection, sql, parameters);

    public User Add(string name, string email)
    {
        var now = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        _insert.Parameters[0].Value = name;
        _insert.Parameters[1].Value = email;
        _insert.Parameters[2].Value = email.ToLowerInvariant();
        _insert.Parameters[3].Value = now;
        return new((long)_insert.ExecuteScalar()!, name, email, now, now, 1);
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
