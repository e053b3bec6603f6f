using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Brings the schema up to date, once, even if several instances start together.</summary>
internal sealed class PostgresMigrator(PostgresLocation location, PostgresDataSources sources, IOptions<DatabaseOptions> options)
    : IHostedService
{
    /// <summary>"UCQR": the key of the advisory lock that an instance holds while it migrates.</summary>
    private const long AdvisoryLock = 0x55435152;

    public Task StartAsync(CancellationToken cancellationToken) =>
        options.Value.MigrateOnStart ? MigrateAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="ConfigurationException">The database cannot be used, or is not suited to this service.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);
            db.Database.SetDbConnection(sources.Write(), contextOwnsConnection: true);
            db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10)); // an instance may wait while another builds an index
            await CheckEncodingAsync(db, cancellationToken);
            if (!await SchemaVersion.IsCurrentAsync(db, cancellationToken))
                await MigrateAloneAsync(db, cancellationToken);
            await CheckPrivilegesAsync(db, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ConfigurationException($"Cannot use {location}: {PostgresErrors.Describe(e)}", e);
        }
    }

    // One transaction for each migration, so that a lock which blocks readers, such as that of a new column, does not last until
    // an index is built. The advisory lock ends with the transaction. Behind a pooler in transaction mode, which reuses sessions,
    // a session lock would outlive this process.
    private static async Task MigrateAloneAsync(PostgresWriteContext db, CancellationToken cancellationToken)
    {
        foreach (var migration in db.Database.GetMigrations())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);

            // Without the table, EF Core's query for it would fail and abort the transaction.
            var history = db.GetService<IHistoryRepository>();
            await db.Database.ExecuteSqlRawAsync(history.GetCreateIfNotExistsScript(), cancellationToken);
            if (!(await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Contains(migration))
                await db.Database.MigrateAsync(migration, cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
        }
    }

    private async Task CheckEncodingAsync(PostgresWriteContext db, CancellationToken cancellationToken)
    {
        var encoding = await db.Database.SqlQuery<string>($"SELECT current_setting('server_encoding') AS \"Value\"")
            .SingleAsync(cancellationToken);
        if (encoding != "UTF8")
            throw new ConfigurationException(
                $"The encoding of {location} is {encoding}. It must be UTF8, or names cannot be stored and sorted.");
    }

    private async Task CheckPrivilegesAsync(PostgresWriteContext db, CancellationToken cancellationToken)
    {
        var isAllowed = await db.Database.SqlQuery<bool>($"""
            SELECT bool_and(has_table_privilege("table", privilege)) AS "Value"
            FROM unnest(ARRAY['users', 'api_keys']) AS "table", unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
            """).SingleAsync(cancellationToken);
        if (!isAllowed)
            throw new ConfigurationException(
                $"Cannot use {location}: the role lacks privileges on the tables. {PostgresErrors.Grants}");
    }
}
