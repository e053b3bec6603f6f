using System.Data.Common;
using Microsoft.Data.Sqlite;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>
/// Stores API keys in a file beside that of the users. The command line can write to it while the service locks the users'
/// file, and restoring a backup of the users does not revert the keys.
/// </summary>
/// <param name="location">The file of the users.</param>
/// <param name="checksDatabase">Whether to check that this file is a database of this service before the keys are used.</param>
internal sealed class SqliteApiKeyStore(SqliteLocation location, bool checksDatabase = false) : ApiKeyStore
{
    /// <summary>What the name of the file has after that of the users' file.</summary>
    public const string Suffix = ".keys";

    private readonly string _file = location.File + Suffix;

    protected override async Task<DbConnection?> OpenAsync(bool writes, CancellationToken cancellationToken)
    {
        if (checksDatabase)
            CheckDatabase();
        if (!writes && !Exists())
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

    // Unlike File.Exists, it does not take a file that cannot be seen, or a folder in its place, for a missing one.
    private bool Exists()
    {
        try
        {
            File.GetAttributes(_file);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private void CheckDatabase()
    {
        if (!File.Exists(location.File))
            throw new ConfigurationException(
                $"There is no database {location.File}, so it has no keys. Start the service once, run migrate, or name "
                + "another database by DATABASE_URL.");
        if (!SqliteFile.MayBeOurs(location.File))
            throw new ConfigurationException(
                $"{location.File} is not a database of this service, so it has no keys. Name another one by DATABASE_URL.");
    }
}
