using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using UserCqrs.Infrastructure.Copying;
using UserCqrs.Infrastructure.Demo;
using UserCqrs.Infrastructure.Postgres;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.Infrastructure;

/// <summary>Operations on the database for the command line.</summary>
public static class Maintenance
{
    /// <summary>
    /// Copies the database that the settings name; the service may be running. Returns the number of users in the copy.
    /// </summary>
    /// <exception cref="ConfigurationException">The copy failed; nothing was overwritten.</exception>
    public static long Backup(IConfiguration configuration, string target) =>
        SqliteBackup.Copy(FileOf(configuration, "pg_dump").File, Path.GetFullPath(target));

    /// <summary>
    /// Replaces the database with a backup. The service must be stopped. Returns the number of users, and the folder that keeps
    /// the former files unchanged, or <c>null</c> if there were none.
    /// </summary>
    /// <exception cref="ConfigurationException">The restore failed; the message describes the state of the database.</exception>
    public static (long Users, string? Former) Restore(IConfiguration configuration, string backup) =>
        SqliteRestore.Run(Path.GetFullPath(backup), FileOf(configuration, "pg_restore"));

    /// <summary>
    /// Brings the schema and the indexes up to date. Returns the database as messages name it, and whether its file is new.
    /// </summary>
    /// <exception cref="ConfigurationException">The database cannot be used, or is not suited to this service.</exception>
    public static async Task<(string Location, bool IsNew)> MigrateAsync(
        IConfiguration configuration, Action<string> report, CancellationToken cancellationToken)
    {
        UnicodeLibrary.Require();
        var attributes = IndexedAttributesSetting.Read(configuration);
        var location = DatabaseLocation.From(configuration);
        var isNew = false;
        switch (location)
        {
            case SqliteLocation sqlite:
                await using (var store = await SqliteUserStore.OpenAsync(
                    sqlite, writes: true, attributes, report, cancellationToken))
                    isNew = store.IsNew;
                break;
            case PostgresLocation postgres:
                using (var sources = new PostgresDataSources(postgres))
                {
                    var migrator = new PostgresMigrator(
                        postgres, sources, Options.Create(new DatabaseOptions()), attributes, report);
                    await migrator.MigrateAsync(cancellationToken);
                }

                break;
        }

        return (location.ToString(), isNew);
    }

    /// <summary>Copies all users from one database to an empty one, with their ids, versions and times: all or none.</summary>
    /// <param name="from">A URL as in <c>DATABASE_URL</c>. A file must not be in use.</param>
    /// <param name="to">A URL as well. Its schema is created if necessary.</param>
    /// <param name="report">Receives the progress, such as the number of users sent, every 100,000 users.</param>
    /// <param name="cancellationToken">Cancels the copy; nothing is kept.</param>
    /// <returns>The number of users, and the SHA-256 over them, which is the same in both databases.</returns>
    /// <exception cref="ConfigurationException">The copy failed; the users in the target are unchanged.</exception>
    public static async Task<(long Users, string Checksum)> CopyAsync(
        string from, string to, Action<string> report, CancellationToken cancellationToken)
    {
        UnicodeLibrary.Require();
        try
        {
            return await UserCopy.RunAsync(
                DatabaseLocation.FromUrl(from, "--from"), DatabaseLocation.FromUrl(to, "--to"), report, cancellationToken);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            throw new ConfigurationException($"The copy was interrupted and nothing was kept: {PostgresErrors.Describe(e)}", e);
        }
    }

    /// <summary>Fills an empty database with invented people, in transactions of 10,000.</summary>
    /// <param name="configuration">Names the database. A file must not be in use.</param>
    /// <param name="count">The number of people.</param>
    /// <param name="seed">The same seed invents the same people.</param>
    /// <param name="progress">Receives the number of people written so far.</param>
    /// <param name="report">Receives the progress of the other steps.</param>
    /// <param name="cancellationToken">Cancels; what was written stays.</param>
    /// <exception cref="ConfigurationException">The database has users, which are left unchanged, or cannot be used.</exception>
    public static async Task DemoAsync(
        IConfiguration configuration, long count, int seed, Action<long> progress, Action<string> report,
        CancellationToken cancellationToken)
    {
        UnicodeLibrary.Require();
        try
        {
            await DemoUsers.WriteAsync(DatabaseLocation.From(configuration), count, seed, progress, cancellationToken);
        }
        catch (Exception e) when (DatabaseFaults.IsUnavailable(e))
        {
            throw new ConfigurationException($"The database failed: {PostgresErrors.Describe(e)}", e);
        }

        await MigrateAsync(configuration, report, cancellationToken); // makes the index that was removed for the time of writing
    }

    /// <summary>
    /// Checks that this process may write to the files of the database, and says which of them other accounts may read.
    /// </summary>
    /// <exception cref="ConfigurationException">This process may not write to a file, or to their folder.</exception>
    public static string DescribeFiles(IConfiguration configuration) =>
        DatabaseLocation.From(configuration) is SqliteLocation location
            ? SqlitePermissions.Describe(location.File)
            : "none, because the server keeps them";

    private static SqliteLocation FileOf(IConfiguration configuration, string postgresTool) =>
        DatabaseLocation.From(configuration) as SqliteLocation
        ?? throw new ConfigurationException($"This command works on database files only. For PostgreSQL use {postgresTool}.");
}
