using System.Net.Http.Json;
using System.Text.Json;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>A reader whose position the log has lost is told so (410), also when another change has its id by now.</summary>
public sealed class ChangesGoneTests : ProcessTests
{
    [Fact]
    public async Task After_a_restore_of_a_backup()
    {
        var backup = $"{DatabaseFile}.backup";
        (string Before, string After) cursors;
        await using (var service = await AnyUsersService.StartAsync(DatabaseUrl))
        {
            await CreateAsync(service.Client, "Ann", "ann@example.org");
            cursors.Before = await NowAsync(service.Client);
            Maintenance.Backup(SettingsOf(DatabaseUrl), backup);
            await CreateAsync(service.Client, "Bob", "bob@example.org");
            cursors.After = await NowAsync(service.Client);
        }

        Maintenance.Restore(SettingsOf(DatabaseUrl), backup);

        await using var restored = await AnyUsersService.StartAsync(DatabaseUrl);
        Assert.Equal(200, await StatusAsync(restored.Client, cursors.Before));
        Assert.Equal(410, await StatusAsync(restored.Client, cursors.After));
        await CreateAsync(restored.Client, "Cid", "cid@example.org"); // its entry gets the id of Bob's
        Assert.Equal(410, await StatusAsync(restored.Client, cursors.After));
        Assert.Equal(200, await StatusAsync(restored.Client, cursors.Before));
    }

    [Fact]
    public async Task After_an_asynchronous_failover_that_lost_changes()
    {
        SharedPostgres.SkipIfMissing();
        await using var primary = await PostgresServer.StartNewAsync();
        await primary.ExecuteAsync("CREATE DATABASE users");
        await using var standby = await primary.StartStandbyAsync(isSynchronous: false);
        await using var service = await AnyUsersService.StartAsync(primary.UrlOf("users", standby));
        await CreateAsync(service.Client, "Ann", "ann@example.org");
        var before = await NowAsync(service.Client);
        while (await standby.ScalarAsync("SELECT to_regclass('user_changes') IS NOT NULL AND pg_last_wal_replay_lsn() IS NOT NULL", "users") is not true
            || (long)(await standby.ScalarAsync("SELECT count(*) FROM users", "users"))! == 0)
            await Task.Delay(20, Cancelled);
        await standby.KillAsync(); // what is written now, it never gets
        await using var stream = await OpenStream.OpenAsync(service.Address, "after=now");
        await stream.NextAsync();
        await stream.NextAsync(await CreateAsync(service.Client, "Bob", "bob@example.org"));
        var after = await NowAsync(service.Client);

        await primary.KillAsync();
        await standby.StartAsync();
        await standby.PromoteAsync();

        await stream.EndsAsync();
        Assert.Equal(410, await StatusAsync(service.Client, after));
        Assert.Equal(200, await StatusAsync(service.Client, before));
        await CreateAsync(service.Client, "Cid", "cid@example.org");
        Assert.Equal(410, await StatusAsync(service.Client, after));
        Assert.Equal(200, await StatusAsync(service.Client, before));
    }

    private static async Task<string> NowAsync(HttpClient client)
    {
        var page = await client.GetFromJsonAsync<JsonElement>("/v1/changes?limit=1000&wait=5", Cancelled);
        Assert.False(page.GetProperty("more").GetBoolean());
        return page.GetProperty("next").GetString()!;
    }

    private static async Task<int> StatusAsync(HttpClient client, string after)
    {
        for (; ; await Task.Delay(50, Cancelled))
        {
            using var response = await client.GetAsync(new Uri($"/v1/changes?after={after}", UriKind.Relative), Cancelled);
            if ((int)response.StatusCode != 503)
                return (int)response.StatusCode;
        }
    }
}
