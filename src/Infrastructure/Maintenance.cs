using Microsoft.Extensions.Configuration;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>What is done to the database from the command line.</summary>
public static class Maintenance
{
    /// <summary>Copies the database that the settings name, while it serves. Answers the number of users in the copy.</summary>
    /// <exception cref="ConfigurationException">It cannot be done; nothing was overwritten.</exception>
    public static long Backup(IConfiguration configuration, string target) =>
        SqliteBackup.Copy(DatabaseLocation.From(configuration).Path, Path.GetFullPath(target));

    /// <summary>Puts a backup in the place of the database, and keeps that beside it. The service must be stopped.</summary>
    /// <exception cref="ConfigurationException">It cannot be done; the database is as it was.</exception>
    public static (long Users, string? Former) Restore(IConfiguration configuration, string backup) =>
        SqliteBackup.Restore(Path.GetFullPath(backup), DatabaseLocation.From(configuration));
}
