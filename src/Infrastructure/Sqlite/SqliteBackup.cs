using System.Globalization;
using Microsoft.Data.Sqlite;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Copies of the database that are checked before they are called copies.</summary>
internal static class SqliteBackup
{
    /// <summary>
    /// Copies the database as it is at one moment, while the service goes on writing: the copy is made inside a read
    /// transaction, which neither waits for the writer nor makes it wait. An existing file is not overwritten.
    /// </summary>
    /// <returns>How many users the copy holds.</returns>
    /// <exception cref="ConfigurationException">There is nothing to copy, the target exists, or the copy is not whole.</exception>
    public static long Copy(string source, string target)
    {
        if (File.Exists(target))
            throw new ConfigurationException($"The file {target} exists. It was left as it is; name another.");
        var unfinished = $"{target}.unfinished";
        File.Delete(unfinished);
        try
        {
            using (var from = Open(source, SqliteOpenMode.ReadOnly))
            using (var to = Open(unfinished, SqliteOpenMode.ReadWriteCreate))
            {
                SqliteFile.Execute(from, "BEGIN");
                var users = Count(from, source);
                from.BackupDatabase(to);
                SqliteFile.Execute(to, "PRAGMA journal_mode = DELETE"); // one file, with nothing beside it
                Verify(to, unfinished, users);
            }

            File.Move(unfinished, target);
            using var copy = Open(target, SqliteOpenMode.ReadOnly);
            return Count(copy, target);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The database {source} could not be copied to {target}. ({e.Message})", e);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Puts a backup in the place of the database, which must not be in use. What was there is kept beside it.</summary>
    /// <returns>How many users there are now, and where the former database is, if there was one.</returns>
    /// <exception cref="ConfigurationException">The backup is not whole, or the database is in use.</exception>
    public static (long Users, string? Former) Restore(string backup, SqliteLocation location)
    {
        using var file = new SqliteFile(location);
        file.Lock();
        var restored = $"{location.File}.restored";
        File.Delete(restored);
        var users = Copy(backup, restored);
        string? former = null;
        if (File.Exists(location.File))
        {
            former = string.Create(CultureInfo.InvariantCulture, $"{location.File}.before-{DateTime.UtcNow:yyyyMMdd'T'HHmmss'Z'}");
            Copy(location.File, former);
            foreach (var part in new[] { "", "-wal", "-shm" })
                File.Delete(location.File + part);
        }

        File.Move(restored, location.File);
        return (users, former);
    }

    private static void Verify(SqliteConnection connection, string path, long users)
    {
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        if (check.ExecuteScalar() is not "ok" || Count(connection, path) != users)
            throw new ConfigurationException($"The copy {path} is not whole and was dropped.");
    }

    private static long Count(SqliteConnection connection, string path) =>
        SqliteFile.Scalar(connection, "PRAGMA application_id") == SqliteFile.ApplicationId
            ? SqliteFile.Scalar(connection, "SELECT count(*) FROM users")
            : throw new ConfigurationException($"The file {path} is not a database of this service.");

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }
}
