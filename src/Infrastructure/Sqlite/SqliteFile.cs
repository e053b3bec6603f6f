using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using UserCqrs.Application.Common;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The database file, and the locks that make this process the only one to use it.</summary>
/// <remarks>
/// There are two locks, both by flock(2), which SQLite's own locks (fcntl) do not meet. That on <c>users.db.lock</c> holds while the
/// database is not there yet or is being replaced. That on the database itself holds by whatever path it is named, hard
/// links included. Closing a file drops all fcntl locks that the process has on it, so this one is closed after SQLite's connections.
/// </remarks>
internal sealed class SqliteFile(SqliteLocation location) : IDisposable
{
    /// <summary>"UCQR": how the file says whose it is (<c>PRAGMA application_id</c>).</summary>
    public const int ApplicationId = 0x55435152;

    /// <summary>How the names of the files end that may make up one database.</summary>
    public static readonly IReadOnlyList<string> Suffixes = ["", "-journal", "-wal", "-shm"];

    private FileStream? _lock;
    private FileStream? _lockOfFile;
    private SqliteConnection? _writer;
    private SqliteConnection? _watch;

    public string Path => location.File;

    /// <summary>
    /// Whether the path still names the file that was opened, and its WAL is there. Somebody may have removed, moved or replaced
    /// them; what is written then is lost as soon as the process ends. Costs two or three calls of stat.
    /// </summary>
    public bool IsInPlace => !HasMoved(_watch!) && File.Exists($"{Path}-wal") && File.Exists($"{Path}-shm");

    /// <summary>Takes the locks, which the operating system drops when the process ends, however it ends.</summary>
    /// <exception cref="ConfigurationException">
    /// Another process has one, the folder cannot be written to, a restore was broken off, or the database is gone and its WAL is not.
    /// </exception>
    public void Lock()
    {
        Lock(() =>
        {
            SqliteRestore.RefuseIfUnfinished(Path);
            RefuseIfOnlyTheWalIsThere();
            LockFile(FileMode.OpenOrCreate); // SQLite takes an empty file for a new database
        });
    }

    /// <summary>The same for the one that may go on where a restore was broken off, and makes no database.</summary>
    /// <exception cref="ConfigurationException">Another process has a lock, or the folder cannot be written to.</exception>
    public void LockForRestore()
    {
        Lock(() =>
        {
            if (File.Exists(Path))
                LockFile(FileMode.Open);
        });
    }

    /// <summary>
    /// Opens the one connection that writes and makes the file durable: WAL, every commit synced. It is closed with the file, after
    /// all others: SQLite moves the WAL into the database when the last connection closes, if that one may write.
    /// </summary>
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
            _watch = Open(SqliteOpenMode.ReadOnly);
            return _writer = connection;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw new ConfigurationException($"The database {Path} cannot be opened for writing. ({e.Message})", e);
        }
        catch (ConfigurationException)
        {
            connection!.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that cannot write.</summary>
    /// <exception cref="DatabaseUnavailableException">The path names another file than the writer's, or none.</exception>
    public SqliteConnection OpenReader()
    {
        RefuseIfMoved();
        var connection = Open(SqliteOpenMode.ReadOnly);
        Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    /// <exception cref="DatabaseUnavailableException">The file is not in place.</exception>
    public void RefuseIfMoved()
    {
        if (!IsInPlace)
            throw new DatabaseUnavailableException(
                $"The database {Path}, its WAL or its SHM was removed, moved or replaced while the service had it open. Stop the service, "
                + "put the files back or restore a backup, and start it again.");
    }

    /// <summary>Closes what is open and leaves the database whole in its one file.</summary>
    public void Dispose()
    {
        _watch?.Dispose();
        if (_writer?.Handle is { } handle) // a reader that a slow client still holds may be the last to close, and cannot write
            _ = sqlite3_wal_checkpoint_v2(handle, null, SQLITE_CHECKPOINT_TRUNCATE, out _, out _); // on errors the WAL just stays
        _writer?.Dispose();
        _lockOfFile?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Whether the path of a connection's database names another file by now, or none.</summary>
    public static bool HasMoved(SqliteConnection connection)
    {
        const int hasMoved = 20; // SQLITE_FCNTL_HAS_MOVED
        return FileControl(connection.Handle!, database: 0, hasMoved, out var moved) != SQLITE_OK || moved != 0;
    }

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

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    private static extern int FileControl(sqlite3 connection, nint database, int operation, out int result);

    private void Lock(Action andThen)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            _lock = new FileStream($"{Path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            andThen();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"The database {Path} cannot be locked: one process may use a file at a time, and it must be able to write "
                + $"to the file's folder. ({e.Message})", e);
        }
    }

    // SQLite would delete the WAL, which holds what was committed last, and begin an empty database.
    private void RefuseIfOnlyTheWalIsThere()
    {
        if (new FileInfo($"{Path}-wal") is { Exists: true, Length: > 0 } wal && new FileInfo(Path) is not { Exists: true, Length: > 0 })
            throw new ConfigurationException(
                $"The database {Path} is gone or empty, but {wal.Name} is there with what was written to it last. "
                + "Put the file back beside it, or restore a backup; restore keeps both.");
    }

    private void LockFile(FileMode mode)
    {
        if (!OperatingSystem.IsWindows()) // there a lock would keep SQLite from the file too
            _lockOfFile = new FileStream(Path, mode, FileAccess.Read, FileShare.None);
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
