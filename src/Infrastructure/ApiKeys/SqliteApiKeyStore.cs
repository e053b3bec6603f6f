using System.Data.Common;
using Microsoft.Data.Sqlite;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>
/// Stores API keys in a file beside that of the users. The command line can write to it while the service locks the users'
/// file, and restoring a backup of the users does not revert the keys.
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
            // A reader too may have to write, to roll back a journal left by a crash.
            Mode = writes ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 2, // seconds to wait for the statement of another process
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
