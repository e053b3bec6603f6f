using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure.Copying;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>What is done to the database from the command line.</summary>
public static class Maintenance
{
    /// <summary>Copies the database that the settings name, while it serves. Answers the number of users in the copy.</summary>
    /// <exception cref="ConfigurationException">It cannot be done; nothing was overwritten.</exception>
    public static long Backup(IConfiguration configuration, string target) =>
        SqliteBackup.Copy(FileOf(configuration, "pg_dump").File, Path.GetFullPath(target));

    /// <summary>
    /// Puts a backup in the place of the database. The service must be stopped. Returns the number of users, and the folder
    /// that keeps the former files unchanged, or <c>null</c> if there were none.
    /// </summary>
    /// <exception cref="ConfigurationException">It cannot be done; the message says in what state the database is.</exception>
    public static (long Users, string? Former) Restore(IConfiguration configuration, string backup) =>
        SqliteRestore.Run(Path.GetFullPath(backup), FileOf(configuration, "pg_restore"));

    /// <summary>Brings the schema up to date. Returns which database that is.</summary>
    /// <exception cref="ConfigurationException">The database cannot be had, or is not one for this service.</exception>
    public static async Task<(string Location, bool IsNew)> MigrateAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        UnicodeLibrary.Require();
        var location = DatabaseLocation.From(configuration);
        var isNew = location is SqliteLocation { File: var file } && !File.Exists(file);
        switch (location)
        {
            case SqliteLocation sqlite:
                await using (await SqliteUserStore.OpenAsync(sqlite, writes: true, cancellationToken))
                    break;
            case PostgresLocation postgres:
                using (var sources = new PostgresDataSources(postgres))
                    await new PostgresMigrator(postgres, sources, Options.Create(new DatabaseOptions())).MigrateAsync(cancellationToken);
                break;
        }

        return (location.ToString(), isNew);
    }

    /// <summary>Carries all users from one database to an empty other one, with their ids, versions and times: all or none.</summary>
    /// <param name="from">A URL as in <c>DATABASE_URL</c>. A file must not be in use.</param>
    /// <param name="to">The same; the schema is made at need.</param>
    /// <param name="progress">Told how many of how many are sent, now and then.</param>
    /// <param name="cancellationToken">Ends it; nothing is kept.</param>
    /// <returns>How many users there are, and the SHA-256 over them, compared on both sides.</returns>
    /// <exception cref="ConfigurationException">It cannot be done; the target is as it was.</exception>
    public static async Task<(long Users, string Checksum)> CopyAsync(
        string from, string to, Action<long, long> progress, CancellationToken cancellationToken)
    {
        UnicodeLibrary.Require();
        try
        {
            return await UserCopy.RunAsync(
                DatabaseLocation.FromUrl(from, "--from"), DatabaseLocation.FromUrl(to, "--to"), progress, cancellationToken);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            throw new ConfigurationException($"The copy was broken off and nothing was kept: {PostgresErrors.Describe(e)}", e);
        }
    }

    private static SqliteLocation FileOf(IConfiguration configuration, string postgresTool) =>
        DatabaseLocation.From(configuration) as SqliteLocation
        ?? throw new ConfigurationException($"This is for a database that is a file. For PostgreSQL use {postgresTool}.");
}
