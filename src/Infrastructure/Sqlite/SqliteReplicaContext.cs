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
    public override bool FindsInOrder(IReadOnlyList<SearchTerm> terms) => !terms.Any(term => term.IsPrefix);

    /// <inheritdoc/>
    public override IQueryable<User> UsersWithTerms(
        IReadOnlyList<SearchTerm> terms, long after = 0, long upTo = long.MaxValue)
    {
        var match = SqliteSearchIndex.Match(terms);
        return Set<User>().FromSql($"""
            SELECT users.* FROM users_search CROSS JOIN users ON users.id = users_search.rowid
            WHERE users_search MATCH {match} AND users_search.rowid > {after} AND users_search.rowid <= {upTo}
            ORDER BY users_search.rowid
            """).AsNoTracking();
    }

    /// <summary>Interrupts the running statement; see <see cref="WatchCancellation"/>.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Lets the token interrupt a running statement, which Microsoft.Data.Sqlite does not support.</summary>
    public void WatchCancellation() => sqlite3_progress_handler(
        ((SqliteConnection)Database.GetDbConnection()).Handle, InstructionsBetweenChecks,
        _ => Cancellation.IsCancellationRequested ? 1 : 0, null);
}
