using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using UserCqrs.Application.Common;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>The service behind a pooler that gives a server's session to another client after each transaction.</summary>
public sealed class PgBouncerTests : ProcessTests
{
    public PgBouncerTests()
    {
        SharedPostgres.SkipIfMissing();
        SharedPostgres.SkipIfMissing(PgBouncer.Missing);
    }

    [Fact]
    public async Task Instances_start_together_and_one_after_the_other_and_work()
    {
        var server = await SharedPostgres.GetAsync();
        var direct = await server.CreateDatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(server);
        var url = bouncer.UrlOf(direct);

        var instances = await Task.WhenAll(AnyUsersService.StartAsync(url), AnyUsersService.StartAsync(url));
        await using var one = instances[0];
        await using var other = instances[1];
        var ids = await Task.WhenAll(Enumerable.Range(0, 64).Select(
            i => CreateAsync(i % 2 == 0 ? one.Client : other.Client, $"Ann {i}", $"ann{i}@example.org")));
        Assert.All(
            await Task.WhenAll(ids.Select(id => other.Client.GetAsync(new Uri($"/v1/users/{id}", UriKind.Relative), Cancelled))),
            response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));

        await one.DisposeAsync();
        await using var restarted = await AnyUsersService.StartAsync(url);
        var page = await restarted.Client.GetFromJsonAsync<JsonElement>("/v1/users?limit=200", Cancelled);
        Assert.Equal(64, page.GetProperty("items").GetArrayLength());
        Assert.Equal(0L, await server.ScalarAsync($"""
            SELECT count(*) FROM pg_locks JOIN pg_database ON database = pg_database.oid
            WHERE locktype = 'advisory' AND datname = '{direct[(direct.LastIndexOf('/') + 1)..]}'
            """)); // other tests have databases on the same server
    }

    [Fact]
    public async Task A_query_cannot_write_and_leaves_nothing_in_a_session()
    {
        var server = await SharedPostgres.GetAsync();
        await using var bouncer = await PgBouncer.StartAsync(server);
        var settings = SettingsOf(bouncer.UrlOf(await server.CreateDatabaseAsync()));
        await Maintenance.MigrateAsync(settings, _ => { }, Cancelled);
        await using var services = new ServiceCollection()
            .AddLogging().AddSingleton(settings).AddInfrastructure(settings).AddScoped<ICurrentCaller, Nobody>().BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();

        for (var round = 0; round < 10; round++)
        {
            var reader = scope.ServiceProvider.GetRequiredService<ReadContext>().Database;
            var refusal = await Assert.ThrowsAnyAsync<PostgresException>(() => reader.ExecuteSqlAsync($"DELETE FROM users", Cancelled));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refusal.SqlState);

            var writer = scope.ServiceProvider.GetRequiredService<WriteContext>().Database;
            Assert.Equal(0, await writer.ExecuteSqlAsync($"DELETE FROM users", Cancelled));
        }
    }

    private sealed class Nobody : ICurrentCaller
    {
        public string? Id => null;
    }
}
