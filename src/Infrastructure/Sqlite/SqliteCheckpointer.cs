using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>
/// Moves what was committed from the WAL to the database file, on a thread of its own, so that commands do not wait for it. The
/// writer itself moves the rest when the WAL grows nevertheless (<c>PRAGMA wal_autocheckpoint</c>).
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    private const int PagesBetweenCheckpoints = 1_000; // as SQLite by default

    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _connection;
    private readonly AutoResetEvent _isDue = new(false);
    private readonly Thread _thread;
    private int _pages;
    private volatile bool _isStopping;

    public SqliteCheckpointer(SqliteConnection writer, SqliteConnection connection)
    {
        (_writer, _connection) = (writer, connection);
        _thread = new Thread(Run) { IsBackground = true, Name = "checkpoints" };
        _thread.Start();
    }

    /// <summary>Counts the pages that the writer has added to the WAL, and starts a checkpoint when they are many.</summary>
    public void NoteCommit()
    {
        _ = sqlite3_db_status(_writer.Handle, SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 1);
        _pages += pages;
        if (_pages < PagesBetweenCheckpoints)
            return;
        _pages = 0;
        _isDue.Set();
    }

    /// <summary>Waits for the checkpoint that is running, and closes the connection.</summary>
    public void Dispose()
    {
        if (_isStopping)
            return; // the container registers the writer, which calls this, more than once
        _isStopping = true;
        _isDue.Set();
        _thread.Join();
        _isDue.Dispose();
        _connection.Dispose();
    }

    // PASSIVE waits for nobody and blocks nobody. What it does not get done, or what fails, the next one does.
    private void Run()
    {
        while (_isDue.WaitOne() && !_isStopping)
            _ = sqlite3_wal_checkpoint_v2(_connection.Handle, null, SQLITE_CHECKPOINT_PASSIVE, out _, out _);
    }
}
