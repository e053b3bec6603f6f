using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>Brings the schema and the indexes up to date, once, even if several instances start together.</summary>
/// <param name="location">The database.</param>
/// <param name="sources">The pools of connections.</param>
/// <param name="options">Whether to do so at start.</param>
/// <param name="attributes">The attributes that are to have an index; <c>null</c> keeps their indexes as they are.</param>
/// <param name="report">Receives the progress of long steps.</param>
internal sealed class PostgresMigrator(
    PostgresLocation location, PostgresDataSources sources, IOptions<DatabaseOptions> options, IndexedAttributes? attributes,
    Action<string> report) : IHostedService
{
    /// <summary>"UCQR": the key of the advisory lock that an instance holds while it migrates.</summary>
    private const long AdvisoryLock = 0x55435152;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    /// <summary>How long others may use the table after a migration gave up waiting for it.</summary>
    private static readonly TimeSpan PauseForOthers = TimeSpan.FromSeconds(2);

    public Task StartAsync(CancellationToken cancellationToken) =>
        options.Value.MigrateOnStart ? MigrateAsync(cancellationToken) : CheckChangeLogAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <exception cref="ConfigurationException">The database cannot be used, or is not suited to this service.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);
            db.Database.SetDbConnection(sources.Write(), contextOwnsConnection: true);
            db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10)); // building an index takes long
            await CheckEncodingAsync(db, cancellationToken);
            await db.Database.OpenConnectionAsync(cancellationToken);
            if (!await IsCurrentAsync(db, cancellationToken))
                await MigrateAloneAsync(db, cancellationToken);
            await CheckPrivilegesAsync(db, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ConfigurationException($"Cannot use {location}: {PostgresErrors.Describe(e)}", e);
        }
    }

    // A database that does not respond, or whose schema is not current yet, makes the service not ready. It need not stop it.
    private async Task CheckChangeLogAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = new PostgresWriteContext(PostgresModel.Use<PostgresWriteContext>().Options);
            db.Database.SetDbConnection(sources.Write(), contextOwnsConnection: true);
            await db.Database.OpenConnectionAsync(cancellationToken);
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            if (await SchemaVersion.IsCurrentAsync(db, cancellationToken)
                && !await PostgresChangeLog.IsCompleteAsync(connection, db.Model, cancellationToken))
                throw new ConfigurationException(
                    $"{location} lacks triggers of the table users, which write the log of changes. Run migrate, or set "
                    + "Database:MigrateOnStart=true.");
        }
        catch (NpgsqlException e) when (DatabaseFaults.IsUnavailable(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> IsCurrentAsync(PostgresWriteContext db, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        return await SchemaVersion.IsCurrentAsync(db, cancellationToken)
            && await PostgresChangeLog.IsCompleteAsync(connection, db.Model, cancellationToken)
            && await PostgresSearchIndex.IsFilledAsync(connection, cancellationToken)
            && await PostgresIndexes.AreCurrentAsync(connection, attributes, cancellationToken);
    }

    // The lock is held on a connection of its own, because an index cannot be built concurrently inside a transaction. It ends
    // with a transaction: behind a pooler in transaction mode, which reuses sessions, a session lock would outlive this process.
    private async Task MigrateAloneAsync(PostgresWriteContext db, CancellationToken cancellationToken)
    {
        await using var holder = (NpgsqlConnection)sources.Write();
        await holder.OpenAsync(cancellationToken);
        while (!await TryMigrateAloneAsync(holder, db, cancellationToken))
            await Task.Delay(BetweenTries, cancellationToken); // another instance migrates, or the table is in use
    }

    private async Task<bool> TryMigrateAloneAsync(
        NpgsqlConnection holder, PostgresWriteContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await holder.BeginTransactionAsync(cancellationToken);
        await using var lockAlone = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({AdvisoryLock})", holder, transaction);
        if (!(bool)(await lockAlone.ExecuteScalarAsync(cancellationToken))!)
            return false;

        // A transaction keeps the snapshot of its last SELECT, and a concurrent index waits for all snapshots. A SET takes none.
        await using var keepOpen = new NpgsqlCommand("SET LOCAL idle_in_transaction_session_timeout = 0", holder, transaction);
        await keepOpen.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            if (!await SchemaVersion.IsCurrentAsync(db, cancellationToken))
                await db.Database.MigrateAsync(cancellationToken);
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await PostgresChangeLog.EnsureAsync(connection, db.Model, cancellationToken);
            await PostgresSearchIndex.FillAsync(connection, report, cancellationToken);
            await PostgresIndexes.UpdateAsync(connection, attributes, report, cancellationToken);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await Task.Delay(PauseForOthers, cancellationToken);
            return false;
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
            FROM unnest(ARRAY['users', 'user_changes', 'api_keys', 'idempotency_keys']) AS "table",
                unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
            """).SingleAsync(cancellationToken);
        if (!isAllowed)
            throw new ConfigurationException(
                $"Cannot use {location}: the role lacks privileges on the tables. {PostgresErrors.Grants}");
    }
}
