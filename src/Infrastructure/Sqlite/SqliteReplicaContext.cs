using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using static SQLitePCL.raw;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>The context of lists on SQLite. It reads the database itself: there is no replica.</summary>
internal sealed class SqliteReplicaContext(DbContextOptions<SqliteReplicaContext> options) : ReplicaContext(options)
{
    /// <summary>The number of instructions of SQLite's virtual machine between two checks of the token: about 1 ms.</summary>
    private const int InstructionsBetweenChecks = 10_000;

    /// <inheritdoc/>
    public override IQueryable<User> UsersByScan => Set<User>().FromSql($"SELECT * FROM users NOT INDEXED").AsNoTracking();

    /// <inheritdoc/>
    public override bool FindsInOrder(IReadOnlyList<Trigram> trigrams) => !trigrams.Any(trigram => trigram.IsPrefix);

    /// <inheritdoc/>
    public override IQueryable<User> UsersWithTrigrams(IReadOnlyList<Trigram> trigrams, long after = 0)
    {
        var match = SqliteSearchIndex.Match(trigrams);
        return Set<User>().FromSql($"""
            SELECT users.* FROM users_trigrams CROSS JOIN users ON users.id = users_trigrams.rowid
            WHERE users_trigrams MATCH {match} AND users_trigrams.rowid > {after} ORDER BY users_trigrams.rowid
            """).AsNoTracking();
    }

    /// <summary>Interrupts the running statement; see <see cref="WatchCancellation"/>.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Lets the token interrupt a running statement, which Microsoft.Data.Sqlite does not support.</summary>
    public void WatchCancellation() => sqlite3_progress_handler(
        ((SqliteConnection)Database.GetDbConnection()).Handle, InstructionsBetweenChecks,
        _ => Cancellation.IsCancellationRequested ? 1 : 0, null);
}
