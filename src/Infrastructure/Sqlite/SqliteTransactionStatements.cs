using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The writer's transaction statements, prepared once.</summary>
internal sealed class SqliteTransactionStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteCommand _begin = Prepare(connection, "BEGIN IMMEDIATE");
    private readonly SqliteCommand _commit = Prepare(connection, "COMMIT");
    private readonly SqliteCommand _rollback = Prepare(connection, "ROLLBACK");
    private readonly SqliteCommand _savepoint = Prepare(connection, "SAVEPOINT command");
    private readonly SqliteCommand _rollbackTo = Prepare(connection, "ROLLBACK TO command");
    private readonly SqliteCommand _release = Prepare(connection, "RELEASE command");

    /// <summary>Whether an error, such as a full disk, has ended the transaction (sqlite.org/lang_transaction.html).</summary>
    public bool TransactionHasEnded => sqlite3_get_autocommit(connection.Handle) != 0;

    public void Begin() => _begin.ExecuteNonQuery();

    public void Commit() => _commit.ExecuteNonQuery();

    public void Savepoint() => _savepoint.ExecuteNonQuery();

    public void RollbackToSavepoint() => _rollbackTo.ExecuteNonQuery();

    public void ReleaseSavepoint() => _release.ExecuteNonQuery();

    public void RollbackIfOpen()
    {
        if (!TransactionHasEnded)
            _rollback.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in new[] { _begin, _commit, _rollback, _savepoint, _rollbackTo, _release })
            command.Dispose();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Prepare();
        return command;
    }
}
