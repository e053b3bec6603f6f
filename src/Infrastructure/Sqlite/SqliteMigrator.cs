using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Brings the schema and the indexes up to date at start.</summary>
internal static class SqliteMigrator
{
    /// <param name="db">A context on the writer's connection.</param>
    /// <param name="search">The search index on the same connection.</param>
    /// <param name="attributes">The attributes that are to have an index; <c>null</c> keeps the indexes as they are.</param>
    /// <param name="report">Receives the progress of long steps.</param>
    /// <param name="cancellationToken">Cancels between steps; the next start continues.</param>
    public static async Task MigrateAsync(
        SqliteWriteContext db, SqliteSearchIndex search, IndexedAttributes? attributes, Action<string> report,
        CancellationToken cancellationToken)
    {
        if (!await SchemaVersion.IsCurrentAsync(db, cancellationToken))
        {
            // EF Core's migration lock does not expire: a process that is killed during a migration leaves it behind. This
            // process holds the file lock, so any lock in the database is stale.
            await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }

        var connection = (SqliteConnection)db.Database.GetDbConnection();
        SqliteSearchIndex.ThrowIfIncomplete(connection);
        SqliteChangeLog.Ensure(connection, db.Model);
        search.Fill(connection, report, cancellationToken);
        if (attributes is not null)
            await SqliteAttributeIndexes.UpdateAsync(connection, attributes, report);
    }
}
