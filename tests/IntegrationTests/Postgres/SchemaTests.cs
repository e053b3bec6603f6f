using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>Who may change what in the database.</summary>
public sealed class SchemaTests : ProcessTests
{
    public SchemaTests() => SharedPostgres.SkipIfMissing();

    [Fact(Timeout = Timeout)]
    public async Task An_instance_that_may_not_migrate_waits_until_somebody_has()
    {
        var url = await NewDatabaseAsync();
        await using var service = ServiceProcess.Start(url, ("Database__MigrateOnStart", "false"));
        using var client = await service.ConnectAsync(Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "/v1/users"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health/live"));

        await Maintenance.MigrateAsync(SettingsOf(url), Cancelled);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/health/ready"));
        await CreateAsync(client, "Ann", "ann@example.org");
    }

    [Fact(Timeout = Timeout)]
    public async Task A_database_in_another_encoding_is_refused()
    {
        var server = await SharedPostgres.GetAsync();
        await server.ExecuteAsync("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc");

        var refusal = await Assert.ThrowsAsync<ConfigurationException>(
            () => Maintenance.MigrateAsync(SettingsOf(server.UrlOf("ascii")), Cancelled));

        Assert.Contains("SQL_ASCII", refusal.Message);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_query_cannot_write()
    {
        await using var service = new PostgresUsersService();
        await service.InitializeAsync();
        await using var scope = service.Services.CreateAsyncScope();
        await using var replica = await service.Services.GetRequiredService<IDbContextFactory<ReplicaContext>>().CreateDbContextAsync(Cancelled);
        foreach (var db in new[] { scope.ServiceProvider.GetRequiredService<ReadContext>(), replica })
        {
            var refusal = await Assert.ThrowsAnyAsync<PostgresException>(() => db.Database.ExecuteSqlAsync($"DELETE FROM users", Cancelled));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refusal.SqlState);
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_command_that_saves_twice_is_stopped()
    {
        await using var service = new PostgresUsersService();
        await service.InitializeAsync();
        await using var scope = service.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<WriteContext>();
        Assert.True(await db.TrySaveAsync(Cancelled));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.TrySaveAsync(Cancelled));
    }

    private static async Task<string> NewDatabaseAsync() => await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        return answer.StatusCode;
    }
}
