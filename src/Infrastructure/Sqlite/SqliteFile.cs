using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using UserCqrs.Application.Common;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The database file, and the locks that make this process the only one to use it.</summary>
/// <remarks>
/// Both locks use flock(2), which is independent of SQLite's own fcntl locks. The lock on <c>users.db.lock</c> also works while
/// the database does not exist yet or is being replaced. The lock on the database itself works for every path to it, hard links
/// included. Closing any descriptor of a file drops all fcntl locks that the process has on it, so the database's lock is
/// released after SQLite's connections are closed.
/// </remarks>
internal sealed class SqliteFile(SqliteLocation location) : IDisposable
{
    /// <summary>"UCQR": marks the file as this service's (<c>PRAGMA application_id</c>).</summary>
    public const int ApplicationId = 0x55435152;

    /// <summary>The suffixes of the files that together make up one database.</summary>
    public static readonly IReadOnlyList<string> Suffixes = ["", "-journal", "-wal", "-shm"];

    private const int HeldByAnotherProcess = 11; // EWOULDBLOCK of flock(2), which .NET reports as HResult

    // A statement or a savepoint keeps the former contents of the pages that it changes, by default up to 64 KiB in memory, which
    // is less than the insertion of a user may need. SQLite cannot move more than 128 KiB from memory to a file: it fails
    // with SQLITE_FULL then.
    private const int StatementJournalMemory = 127 * 1024;
    private const int StatementJournalSpill = 26; // SQLITE_CONFIG_STMTJRNL_SPILL

    private const int WriterCacheKibibytes = 32 * 1024;

    // By default, a checkpoint follows 1,000 pages of 4 KiB. Later ones write pages once that were changed several times.
    private const int PagesBetweenCheckpoints = 4_000;

    private FileStream? _lock;
    private FileStream? _lockOfFile;
    private SqliteConnection? _writer;
    private SqliteConnection? _watch;
    private ((ulong, uint)? Wal, (ulong, uint)? Shm) _beside;

    static SqliteFile()
    {
        Batteries_V2.Init();
        _ = sqlite3_config(StatementJournalSpill, StatementJournalMemory); // fails if SQLite is in use already: then it is slower
    }

    public string Path => location.File;

    /// <summary>Whether <see cref="OpenWriter"/> found no database and created one.</summary>
    public bool IsNew { get; private set; }

    /// <summary>
    /// Whether the paths of the database, its WAL and its SHM still name the files that were opened. If not, everything written
    /// from then on is lost when the process ends. Costs a few calls of stat(2).
    /// </summary>
    public bool IsInPlace => !HasMoved(_watch!) && _beside == IdentifyBeside() && File.Exists($"{Path}-wal")
        && File.Exists($"{Path}-shm");

    /// <summary>
    /// Whether the file may be a database of this service: its header says so, or may still be in the WAL. Takes no lock.
    /// </summary>
    public static bool MayBeOurs(string path)
    {
        if (new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 })
            return true;
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = $"{new Uri(path)}?immutable=1", // sqlite.org/uri.html
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString());
            connection.Open();
            return Scalar(connection, "PRAGMA application_id") == ApplicationId;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Takes the locks. The operating system releases them when the process ends, however it ends.</summary>
    /// <exception cref="ConfigurationException">
    /// Another process has a lock, the folder cannot be written to, a restore was interrupted, or the database is missing
    /// although its WAL exists.
    /// </exception>
    public void Lock()
    {
        Lock(() =>
        {
            SqliteRestore.ThrowIfUnfinished(Path);
            ThrowIfOnlyTheWalIsThere();
            ThrowIfHardLinked(Path);
            LockFile(FileMode.OpenOrCreate); // SQLite takes an empty file for a new database
        });
    }

    /// <summary>Takes the locks for a restore, which may follow an interrupted one. Creates no database.</summary>
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
    /// Opens the one connection that writes and makes the file durable: WAL, every commit synced. It overwrites what it deletes
    /// with zeros, so that an erased user leaves no trace in the file after the next checkpoint. <see cref="Dispose"/> closes it,
    /// after all readers: SQLite checkpoints and removes the WAL when the last connection closes, if that connection may write.
    /// </summary>
    /// <exception cref="ConfigurationException">The file is not a database of this service, or cannot be written.</exception>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Open(SqliteOpenMode.ReadWriteCreate);
            var owner = Scalar(connection, "PRAGMA application_id");
            IsNew = Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0;
            if (owner != ApplicationId && !(IsNew && owner == 0))
                throw new ConfigurationException(
                    $"The file {Path} is a database, but not one of this service. It was left unchanged.");
            Execute(connection, $"""
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA secure_delete = ON;
                PRAGMA journal_size_limit = {64 * 1024 * 1024};
                PRAGMA cache_size = -{WriterCacheKibibytes};
                PRAGMA wal_autocheckpoint = {PagesBetweenCheckpoints};
                """);
            if (IsNew)
                Execute(connection, $"PRAGMA application_id = {ApplicationId}");
            _watch = Open(SqliteOpenMode.ReadOnly);
            Scalar(_watch, "PRAGMA user_version"); // after this, the WAL and the SHM exist
            _beside = IdentifyBeside();
            return _writer = connection;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw new ConfigurationException(
                e.SqliteErrorCode == SQLITE_NOTADB ? $"The file {Path} is not a database. It was left unchanged."
                : $"The database {Path} cannot be opened for writing. ({e.Message})", e);
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
        ThrowIfMoved();
        var connection = Open(SqliteOpenMode.ReadOnly);
        Execute(connection, "PRAGMA query_only = ON");
        return connection;
    }

    /// <exception cref="DatabaseUnavailableException">The file is not in place.</exception>
    public void ThrowIfMoved()
    {
        if (!IsInPlace)
            throw new DatabaseUnavailableException(
                $"The database {Path}, its WAL or its SHM was removed, moved or replaced while the service had it open. "
                + "Stop the service, put the files back or restore a backup, and start it again.");
    }

    /// <summary>Closes the writer's connection, which leaves all users in the database file, and releases the locks.</summary>
    public void Dispose()
    {
        _watch?.Dispose();
        if (_writer?.Handle is { } handle)
        {
            // A reader that a slow client still uses would close last, and cannot checkpoint. On errors the WAL just stays.
            _ = sqlite3_wal_checkpoint_v2(handle, null, SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
        }

        _writer?.Dispose();
        _lockOfFile?.Dispose();
        _lock?.Dispose();
    }

    /// <summary>Whether the path of a connection's database no longer names the file that the connection opened.</summary>
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
            location.MakeFolder();
            _lock = new FileStream($"{Path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            andThen();
        }
        catch (IOException e) when (e.HResult == HeldByAnotherProcess)
        {
            throw new ConfigurationException(
                $"Another process uses the database {Path}. One process may use it at a time: stop that one first.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                $"The database {Path} cannot be locked: this process must be able to write to the file and to its folder. "
                + $"({e.Message})", e);
        }
    }

    // SQLite would delete the WAL, which holds the newest commits, and start an empty database.
    private void ThrowIfOnlyTheWalIsThere()
    {
        var wal = new FileInfo($"{Path}-wal");
        var database = new FileInfo(Path);
        if (wal is { Exists: true, Length: > 0 } && database is not { Exists: true, Length: > 0 })
            throw new ConfigurationException(
                $"The database {Path} is missing or empty, but {wal.Name} exists and holds the newest changes. "
                + "Put the database back beside it, or restore a backup; restore keeps the former files.");
    }

    private ((ulong, uint)? Wal, (ulong, uint)? Shm) IdentifyBeside() =>
        (Disk.Identify($"{Path}-wal"), Disk.Identify($"{Path}-shm"));

    /// <summary>
    /// Throws if a file has several names (hard links). SQLite finds the WAL by name: opened by another name after a crash, the
    /// database would lack its newest users, and the WAL would later overwrite what was written meanwhile.
    /// </summary>
    /// <exception cref="ConfigurationException">The file has several names.</exception>
    public static void ThrowIfHardLinked(string path)
    {
        if (Disk.Identify(path) is { Names: > 1 and var names })
            throw new ConfigurationException(
                $"The database {path} has {names} names (hard links), and SQLite would find its WAL by only one of them. Remove "
                + "the others; symbolic links are allowed.");
    }

    /// <summary>Whether a process has the database locked.</summary>
    public static bool IsLocked(string path)
    {
        try
        {
            if (File.Exists($"{path}.lock"))
                new FileStream($"{path}.lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private void LockFile(FileMode mode)
    {
        if (!OperatingSystem.IsWindows()) // on Windows, the lock would block SQLite too
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
            DefaultTimeout = 5, // seconds; only another program that has locked the file causes a wait
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }
}
