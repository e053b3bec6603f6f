using Microsoft.Data.Sqlite;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The database file, and the lock that makes this process the only one to use it.</summary>
internal sealed class SqliteFile(SqliteLocation location) : IDisposable
{
    /// <summary>"UCQR": how the file says whose it is (<c>PRAGMA application_id</c>).</summary>
    public const int ApplicationId = 0x55435152;

    private FileStream? _lock;

    public string Path => location.File;

    /// <summary>Takes the lock, which the operating system drops when the process ends, however it ends.</summary>
    /// <exception cref="ConfigurationException">Another process has it, or the folder cannot be written to.</exception>
    public void Lock()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            _lock = new FileStream($"{Path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"The database {Path} cannot be locked: one process may use a file at a time, and it must be able to write "
                + $"to the file's folder. ({e.Message})", e);
        }
    }

    /// <summary>Opens the one connection that writes and makes the file durable: WAL, every commit synced.</summary>
    /// <exception cref="ConfigurationException">The file is not a database of this service, or cannot be written.</exception>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Open(SqliteOpenMode.ReadWriteCreate);
            var owner = Scalar(connection, "PRAGMA application_id");
            var isNew = Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0;
            if (owner != ApplicationId && !(isNew && owner == 0))
                throw new ConfigurationException($"The file {Path} is a database, but not one of this service. It was left as it is.");
            Execute(connection, $"""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA journal_size_limit = {64 * 1024 * 1024};
                """);
            if (isNew)
                Execute(connection, $"PRAGMA application_id = {ApplicationId}");
            return connection;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw new ConfigurationException($"The database {Path} cannot be opened for writing. ({e.Message})", e);
        }
    }

    /// <summary>Opens a connection that cannot write.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = Open(SqliteOpenMode.ReadOnly);
        Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    public void Dispose() => _lock?.Dispose();

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = false,
            ForeignKeys = true,
            DefaultTimeout = 5, // seconds; only another program that holds the file can make anyone wait
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }
}
