using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace UserCqrs.Limit;

/// <summary>Open connections with their statements prepared, leased from a stack.</summary>
internal sealed class Readers(string file) : IDisposable
{
    private readonly ConcurrentStack<Reader> _idle = [];

    public User? Find(long id)
    {
        var reader = Lease();
        var user = reader.Find(id);
        _idle.Push(reader);
        return user;
    }

    public List<User> Page(long after, int limit)
    {
        var reader = Lease();
        var users = reader.Page(after, limit);
        _idle.Push(reader);
        return users;
    }

    public void Dispose()
    {
        while (_idle.TryPop(out var reader))
            reader.Dispose();
    }

    private Reader Lease() =>
        _idle.TryPop(out var reader) ? reader : new Reader(Database.Open(file, SqliteOpenMode.ReadOnly));
}

internal sealed class Reader(SqliteConnection connection) : IDisposable
{
    private const string Columns = "SELECT id, name, email, created_at, updated_at, version FROM users";

    private readonly SqliteCommand _find = Database.Prepare(connection, $"{Columns} WHERE id = $id LIMIT 1", "$id");
    private readonly SqliteCommand _page = Database.Prepare(
        connection, $"{Columns} WHERE id > $after ORDER BY id LIMIT $limit", "$after", "$limit");

    public User? Find(long id)
    {
        _find.Parameters[0].Value = id;
        using var rows = _find.ExecuteReader();
        return rows.Read() ? Read(rows) : null;
    }

    public List<User> Page(long after, int limit)
    {
        var users = new List<User>(limit);
        _page.Parameters[0].Value = after;
        _page.Parameters[1].Value = limit;
        using var rows = _page.ExecuteReader();
        while (rows.Read())
            users.Add(Read(rows));
        return users;
    }

    public void Dispose()
    {
        _find.Dispose();
        _page.Dispose();
        connection.Dispose();
    }

    private static User Read(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
}
