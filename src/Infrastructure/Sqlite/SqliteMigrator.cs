using Microsoft.EntityFrameworkCore;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Brings the schema up to date at start.</summary>
internal static class SqliteMigrator
{
    public static async Task MigrateAsync(SqliteWriteContext db, CancellationToken cancellationToken)
    {
        if (await SchemaVersion.IsCurrentAsync(db, cancellationToken))
            return;

        // EF Core's migration lock does not expire: a process that is killed during a migration leaves it behind. This process
        // holds the file lock, so any lock in the database is stale.
        await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
