using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>Who may change what in the database.</summary>
public sealed class SchemaTests : ProcessTests
{
    public SchemaTests() => SharedPostgres.SkipIfMissing();

    [Fact]
    public async Task An_instance_that_may_not_migrate_waits_until_somebody_has()
    {
        var url = await NewDatabaseAsync();
        await using var service = await AnyUsersService.StartAsync(url, ("Database:MigrateOnStart", "false"));
        var client = service.Client;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/v1/users"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health/live"));

        await Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health/ready"));
        await CreateAsync(client, "Ann", "ann@example.org");
    }

    [Fact]
    public async Task A_database_in_another_encoding_is_refused()
    {
        var server = await SharedPostgres.GetAsync();
        await server.ExecuteAsync("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc");

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(
            () => Maintenance.MigrateAsync(SettingsOf(server.UrlOf("ascii")), _ => { }, Cancelled));

        Assert.Contains("SQL_ASCII", refusal.Message);
    }

    [Fact]
    public async Task Many_who_migrate_an_empty_database_together_all_find_it_current()
    {
        for (var round = 0; round < 3; round++)
        {
            var url = await NewDatabaseAsync();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled)));
        }
    }

    [Fact]
    public async Task An_index_whose_building_was_interrupted_is_built_again()
    {
        var url = await NewDatabaseAsync();
        var server = await SharedPostgres.GetAsync();
        await Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);
        await server.ExecuteAsync("""
            DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%IndexUserFields';
            DROP INDEX ix_users_inactive;
            UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ux_users_external_id'::regclass;
            """, NameOf(url));

        await Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);

        Assert.Equal(2L, await server.ScalarAsync("""
            SELECT count(*) FROM pg_index
            WHERE indisvalid AND indexrelid IN ('ix_users_inactive'::regclass, 'ux_users_external_id'::regclass)
            """, NameOf(url)));
    }

    [Fact]
    public async Task A_migration_that_waits_for_a_long_transaction_lets_others_pass()
    {
        var url = await NewDatabaseAsync();
        var server = await SharedPostgres.GetAsync();
        await Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);
        await server.ExecuteAsync("""
            DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%UserFields';
            ALTER TABLE users DROP COLUMN active, DROP COLUMN attributes, DROP COLUMN external_id;
            """, NameOf(url));
        await using var other = await LockMigrationsAsync(url);
        await using (var transaction = await other.BeginTransactionAsync(Cancelled))
        {
            await using var read = new NpgsqlCommand("SELECT pg_advisory_unlock(1430475090), count(*) FROM users", other, transaction);
            await read.ExecuteNonQueryAsync(Cancelled);
            var migrated = Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);
            for (var i = 0; i < 30; i++, await Task.Delay(100, Cancelled))
                await server.ExecuteAsync("SET statement_timeout = '2s'; SELECT count(*) FROM users", NameOf(url));
            Assert.False(migrated.IsCompleted);

            await transaction.CommitAsync(Cancelled);
            await migrated;
        }
    }

    [Fact]
    public async Task Nothing_is_locked_where_nothing_is_to_be_migrated()
    {
        var url = await NewDatabaseAsync();
        await Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);
        await using var other = await LockMigrationsAsync(url);

        await Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);
    }

    [Fact]
    public async Task SIGTERM_ends_an_instance_cleanly_that_waits_for_another_to_migrate()
    {
        var url = await NewDatabaseAsync();
        await using var other = await LockMigrationsAsync(url);
        await using var service = ServiceProcess.Start(url);
        var server = await SharedPostgres.GetAsync();
        while (await server.ScalarAsync($"""
            SELECT count(*) FROM pg_stat_activity WHERE datname = '{NameOf(url)}' AND pid <> pg_backend_pid()
                AND (query LIKE '%pg_try_advisory_xact_lock%' OR query = 'ROLLBACK') -- between two tries
            """) is 0L)
            await Task.Delay(50, Cancelled);

        await EndsCleanlyAsync(service);
    }

    [Fact]
    public async Task SIGTERM_ends_an_instance_cleanly_that_waits_for_the_server()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // accepts, and says nothing
        silent.Start();
        await using var service = ServiceProcess.Start($"postgresql://users@127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/users");
        using var connection = await silent.AcceptTcpClientAsync(Cancelled);

        await EndsCleanlyAsync(service);
    }

    [Fact]
    public async Task Privileges_that_are_missing_are_named()
    {
        var server = await SharedPostgres.GetAsync();
        var url = await server.CreateDatabaseAsync();
        var role = $"role_{Guid.NewGuid():N}";
        await server.ExecuteAsync($"CREATE ROLE {role} LOGIN");
        var settings = SettingsOf(url.Replace("users@", $"{role}@", StringComparison.Ordinal));

        Assert.Contains("GRANT CREATE ON SCHEMA public", await RefusalAsync()); // it cannot migrate
        await Maintenance.MigrateAsync(SettingsOf(url), _ => { }, Cancelled);
        Assert.Contains("GRANT SELECT ON \"__EFMigrationsHistory\"", await RefusalAsync()); // it cannot see what is migrated
        var failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ApiKeys.SendAsync(settings, new ListApiKeys()));
        Assert.Contains("GRANT SELECT", failure.Message);
        await server.ExecuteAsync($"GRANT SELECT ON \"__EFMigrationsHistory\", users, user_changes, api_keys, idempotency_keys TO {role}", NameOf(url));
        Assert.Contains("GRANT SELECT, INSERT, UPDATE, DELETE ON users, user_changes, api_keys, idempotency_keys", await RefusalAsync()); // it cannot write
        await server.ExecuteAsync($"GRANT INSERT, UPDATE, DELETE ON users, user_changes, api_keys, idempotency_keys TO {role}", NameOf(url));
        await Maintenance.MigrateAsync(settings, _ => { }, Cancelled);

        async Task<string> RefusalAsync() =>
            (await Assert.ThrowsAsync<ConfigurationException>(() => Maintenance.MigrateAsync(settings, _ => { }, Cancelled))).Message;
    }

    [Fact]
    public async Task A_query_cannot_write()
    {
        await using var service = new PostgresUsersService();
        await service.InitializeAsync();
        await using var scope = service.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;

        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, await WriteAsync(services.GetRequiredService<ReadContext>()));
        Assert.Equal(
            PostgresErrorCodes.ReadOnlySqlTransaction, await services.GetRequiredService<IReplica>().ReadAsync(WriteAsync, Cancelled));

        static async Task<string> WriteAsync(QueryContext db) =>
            (await Assert.ThrowsAnyAsync<PostgresException>(() => db.Database.ExecuteSqlAsync($"DELETE FROM users", Cancelled))).SqlState;
    }

    [Fact]
    public async Task A_command_that_saves_twice_is_stopped()
    {
        await using var service = new PostgresUsersService();
        await service.InitializeAsync();
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WriteContext>();
        Assert.Null(await db.TrySaveAsync(Cancelled));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.TrySaveAsync(Cancelled));
    }

    private static string NameOf(string url) => url[(url.LastIndexOf('/') + 1)..];

    /// <summary>Holds what an instance holds that migrates.</summary>
    private static async Task<NpgsqlConnection> LockMigrationsAsync(string url)
    {
        var connection = new NpgsqlConnection(
            $"Host=127.0.0.1;Port={(await SharedPostgres.GetAsync()).Port};Username=users;Database={NameOf(url)};Pooling=false");
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(1430475090)", connection); // "UCQR"
        await command.ExecuteNonQueryAsync(Cancelled);
        return connection;
    }

    private static async Task EndsCleanlyAsync(ServiceProcess service)
    {
        await service.TerminateAsync(Cancelled);
        Assert.True(await service.EndsAsync(Cancelled) == 0, service.Output);
        Assert.DoesNotContain("xception", service.Output);
    }

    private static async Task<string> NewDatabaseAsync() => await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        return response.StatusCode;
    }
}
