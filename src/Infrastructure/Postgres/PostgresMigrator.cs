using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Brings the schema up to date, once, however many instances start together.</summary>
internal sealed class PostgresMigrator(PostgresLocation location, PostgresDataSources sources, IOptions<DatabaseOptions> options) : IHostedService
{
    /// <summary>"UCQR": what instances of this service lock while they migrate.</summary>
    private const long AdvisoryLock = 0x55435152;

    public Task StartAsync(CancellationToken cancellationToken) =>
        options.Value.MigrateOnStart ? MigrateAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="ConfigurationException">The database cannot be used, or is not one for this service.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);
            db.Database.SetDbConnection(sources.Write(), contextOwnsConnection: true);
            db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10)); // an instance may wait for the one that builds an index
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

    // The lock ends with the transaction. One that belonged to the session would outlive this process behind a pooler in
    // transaction mode, which keeps the session for others.
    private static async Task MigrateAloneAsync(PostgresWriteContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);

        // EF Core looks for the table by a query that fails without it, which would end the transaction.
        var history = db.GetService<IHistoryRepository>();
        await db.Database.ExecuteSqlRawAsync(history.GetCreateIfNotExistsScript(), cancellationToken);
        if (!await SchemaVersion.IsCurrentAsync(db, cancellationToken))
            await db.Database.MigrateAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private async Task CheckEncodingAsync(PostgresWriteContext db, CancellationToken cancellationToken)
    {
        var encoding = await db.Database.SqlQuery<string>($"SELECT current_setting('server_encoding') AS \"Value\"")
            .SingleAsync(cancellationToken);
        if (encoding != "UTF8")
            throw new ConfigurationException(
                $"The encoding of {location} is {encoding}. It must be UTF8, or names could neither be kept nor sorted.");
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
