using Microsoft.Data.Sqlite;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Copies databases, and verifies each copy before it gets its final name.</summary>
internal static class SqliteBackup
{
    /// <summary>
    /// Copies the database as it is at one moment, while the service continues to write: the copy is made inside a read
    /// transaction, which neither waits for the writer nor blocks it. An existing file is not overwritten.
    /// </summary>
    /// <returns>The number of users in the copy.</returns>
    /// <exception cref="ConfigurationException">There is nothing to copy, the target exists, or the copy is damaged.</exception>
    public static long Copy(string source, string target)
    {
        if (Path.Exists(target))
            throw new ConfigurationException($"The file {target} already exists and was left unchanged. Choose another name.");
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw new ConfigurationException($"The folder {folder} does not exist. Make it, or name a file in another folder.");
        if (!File.Exists(source))
            throw new ConfigurationException($"There is no database {source} to copy. Set DATABASE_URL to the right one.");
        SqliteRestore.ThrowIfUnfinished(source);
        SqliteFile.ThrowIfHardLinked(source);
        if (!File.Exists($"{source}-wal") && SqliteFile.IsLocked(source))
            throw new ConfigurationException(
                $"A service has the database {source} open, but its WAL, which holds the newest users, is gone. Stop the service "
                + "with SIGTERM, which saves what it can, and try again.");
        var unfinished = $"{target}.unfinished";
        try
        {
            var users = Write(source, unfinished);
            File.Move(unfinished, target, overwrite: true); // without overwrite .NET may copy, which a kill leaves half done
            Disk.Flush(folder);
            Verify(target, users);
            return users;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The database {source} could not be copied to {target}. ({e.Message})", e);
        }
        finally
        {
            Delete(unfinished);
        }
    }

    /// <summary>Overwrites a file with a copy of a database, verifies the copy and flushes it to the disk.</summary>
    /// <returns>The number of users in the copy.</returns>
    /// <exception cref="ConfigurationException">
    /// The source is not a database of this service, or it was moved meanwhile, or the copy is damaged.
    /// </exception>
    public static long Write(string source, string target)
    {
        Delete(target);
        long users;

        // The source is opened for writing so that SQLite checkpoints and removes its WAL on close if no service has it open.
        using (var from = Open(source, SqliteOpenMode.ReadWrite))
        using (var to = Open(target, SqliteOpenMode.ReadWriteCreate))
        {
            SqliteFile.Execute(from, "BEGIN");
            users = Count(from, source);
            from.BackupDatabase(to);
            if (SqliteFile.HasMoved(from)) // its WAL may have been moved before it was read
                throw new ConfigurationException($"The database {source} was moved or replaced while it was copied. Try again.");
            SqliteFile.Execute(to, "PRAGMA journal_mode = DELETE"); // so that the copy is one file, without a WAL
        }

        Verify(target, users);
        Disk.Flush(target);
        return users;
    }

    /// <summary>Checks the integrity of a database and its number of users.</summary>
    /// <exception cref="ConfigurationException">The database is damaged, or has another number of users.</exception>
    public static void Verify(string path, long users)
    {
        using var connection = Open(path, SqliteOpenMode.ReadOnly);
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        if (check.ExecuteScalar() is not "ok" || Count(connection, path) != users)
            throw new ConfigurationException($"The copy {path} is damaged. Check the disk, and the file that was copied.");
    }

    /// <summary>Deletes a database, its journal, its WAL and its SHM.</summary>
    public static void Delete(string path)
    {
        foreach (var suffix in SqliteFile.Suffixes)
            File.Delete(path + suffix);
    }

    private static long Count(SqliteConnection connection, string path) =>
        SqliteFile.Scalar(connection, "PRAGMA application_id") == SqliteFile.ApplicationId
            ? SqliteFile.Scalar(connection, "SELECT count(*) FROM users")
            : throw new ConfigurationException($"The file {path} is not a database of this service.");

    /// <summary>Opens a database that a running service may have open.</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }
}
