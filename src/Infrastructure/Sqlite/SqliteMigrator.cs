using Microsoft.EntityFrameworkCore;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Brings the schema up to date at start.</summary>
internal static class SqliteMigrator
{
    public static async Task MigrateAsync(SqliteWriteContext db, CancellationToken cancellationToken)
    {
        if (await SchemaVersion.IsCurrentAsync(db, cancellationToken))
            return;

        // EF's own lock has no expiry: a process killed in a migration leaves it behind. The file lock says that it is dead.
        await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
