using Microsoft.EntityFrameworkCore;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Brings the schema up to date at start.</summary>
internal static class SqliteMigrator
{
    public static async Task MigrateAsync(SqliteWriteContext db, CancellationToken cancellationToken)
    {
        var unknown = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(db.Database.GetMigrations()).ToList();
        if (unknown.Count > 0)
            throw new ConfigurationException(
                $"The database was made by a newer version of this service: it has the migration {unknown[0]}.");
        if (!(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;

        // EF's own lock has no expiry: a process killed in a migration leaves it behind. The file lock says that it is dead.
        await db.Database.ExecuteSqlAsync($"DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }
}
