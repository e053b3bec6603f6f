using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure.Copying;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The users in a file. The service must be stopped, or its concurrent writes would not be copied.</summary>
internal sealed class SqliteUserStore : IUserStore
{
    private readonly SqliteFile _file;
    private readonly SqliteConnection _connection;
    private readonly SqliteSearchIndex _search;
    private readonly IReadOnlyModel _model;

    private SqliteUserStore(
        SqliteFile file, SqliteConnection connection, SqliteSearchIndex search, IReadOnlyModel model, UserColumn[] columns)
    {
        _model = model;
        _file = file;
        _connection = connection;
        _search = search;
        Columns = columns;
    }

    /// <summary>Whether there was no database before.</summary>
    public bool IsNew => _file.IsNew;

    public IReadOnlyList<UserColumn> Columns { get; }

    private string ColumnNames => string.Join(", ", Columns.Select(column => column.Name));

    /// <exception cref="ConfigurationException">The file is in use, or is not a database of this service.</exception>
    public static async Task<SqliteUserStore> OpenAsync(
        SqliteLocation location, bool writes, IndexedAttributes? attributes, Action<string> report,
        CancellationToken cancellationToken)
    {
        if (!writes && !File.Exists(location.File))
            throw new ConfigurationException($"There is no file {location.File} to copy from.");
        var file = new SqliteFile(location);
        try
        {
            file.Lock();
            var connection = file.OpenWriter();
            await using var db = new SqliteWriteContext(SqliteModel.Use<SqliteWriteContext>(connection).Options);
            var search = new SqliteSearchIndex(connection);
            await SqliteMigrator.MigrateAsync(db, search, attributes, report, cancellationToken);
            SqliteFile.Execute(connection, writes ? "BEGIN IMMEDIATE" : "BEGIN");
            if (writes)
                SqliteChangeLog.Remove(connection, db.Model); // users who come with their versions have no history here
            return new SqliteUserStore(file, connection, search, db.Model, UserColumn.Of(db));
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

    public async IAsyncEnumerable<object?[]> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT {ColumnNames} FROM users ORDER BY id";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var user = new object?[Columns.Count];
            for (var i = 0; i < user.Length; i++)
                user[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            yield return user;
        }
    }

    public async Task WriteAsync(IAsyncEnumerable<object?[]> users, CancellationToken cancellationToken)
    {
        await using var command = _connection.CreateCommand();
        var parameters = Columns.Select(column => command.Parameters.AddWithValue($"${column.Name}", null)).ToArray();
        var names = string.Join(", ", parameters.Select(parameter => parameter.ParameterName));
        command.CommandText = $"INSERT INTO users ({ColumnNames}) VALUES ({names})";
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            for (var i = 0; i < user.Length; i++)
                parameters[i].Value = user[i] ?? DBNull.Value;
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
        _search.Update();
        SqliteChangeLog.Ensure(_connection, _model);
        SqliteFile.Execute(_connection, "COMMIT");
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _search.Dispose();
        _file.Dispose(); // closes the connection too
        return ValueTask.CompletedTask;
    }
}
