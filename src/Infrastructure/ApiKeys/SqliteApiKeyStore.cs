using System.Data.Common;
using Microsoft.Data.Sqlite;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>
/// Keys in a file beside that of the users, which the command line can write to while the service has the users' file to itself,
/// and which a restored backup of the users does not turn back.
/// </summary>
internal sealed class SqliteApiKeyStore(SqliteLocation location) : ApiKeyStore
{
    private readonly string _file = $"{location.File}.keys";

    protected override async Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken)
    {
        if (!writes && !File.Exists(_file))
            return null;
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = _file,
            Mode = writes ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite, // a reader may have to roll back a journal left by a crash
            Pooling = false,
            DefaultTimeout = 2, // seconds, for another process to finish its one statement
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        SqliteFile.Execute(connection, """
            CREATE TABLE IF NOT EXISTS api_keys (
                id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, scopes TEXT NOT NULL, hash BLOB NOT NULL,
                created_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT, last_used_at TEXT) STRICT, WITHOUT ROWID
            """); // readers create the table too: the process that created the file may have died before doing so
        return connection;
    }
}
