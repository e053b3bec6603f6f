using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>A primary and a standby that follows it a little later: who answers what, and what if the standby does not.</summary>
public sealed class ReplicaTests : ProcessTests, IAsyncLifetime
{
    private PostgresServer? _primary;
    private PostgresServer? _standby;
    private ServiceProcess? _service;
    private HttpClient? _client;

    public ReplicaTests() => SharedPostgres.SkipIfMissing();

    public async ValueTask InitializeAsync()
    {
        _primary = await PostgresServer.StartNewAsync();
        await _primary.ExecuteAsync("CREATE DATABASE users");
        _standby = await _primary.StartStandbyAsync(isSynchronous: false);
        _service = ServiceProcess.Start(_primary.UrlOf("users", _standby));
        _client = await _service.ConnectAsync(Cancelled);
        await CreateAsync(_client, "First", "first@example.org");
        while (await _standby.ScalarAsync("SELECT pg_last_wal_replay_lsn()", "users") is not { } replayed
            || !(bool)(await _primary.ScalarAsync($"SELECT pg_current_wal_lsn() <= '{replayed}'"))!)
            await Task.Delay(20, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        foreach (var part in new IAsyncDisposable?[] { _service, _standby, _primary })
        {
            if (part is not null)
                await part.DisposeAsync();
        }

        Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task Lists_are_the_standbys_and_everything_else_the_primarys()
    {
        await _standby!.ExecuteAsync("SELECT pg_wal_replay_pause()", "users");
        var id = await CreateAsync(_client!, "Second", "second@example.org");

        Assert.Equal(["First"], await NamesAsync());
        Assert.Equal("Second", (await _client!.GetFromJsonAsync<JsonElement>($"/v1/users/{id}", Cancelled)).GetProperty("name").GetString());
        using var taken = await _client!.PostAsJsonAsync("/v1/users", new { name = "Third", email = "second@example.org" }, Cancelled);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        using var changed = await _client!.PatchAsync(
            $"/v1/users/{id}", JsonContent.Create(new { name = "Renamed" }, MergePatch), Cancelled);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_dead_standby_breaks_no_answer()
    {
        Assert.Equal(["First"], await NamesAsync());
        await _standby!.KillAsync();
        await CreateAsync(_client!, "Second", "second@example.org");

        for (var i = 0; i < 20; i++)
            Assert.Equal(["First", "Second"], await NamesAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task A_standby_that_hangs_breaks_no_answer()
    {
        Assert.Equal(["First"], await NamesAsync());
        await using (await _standby!.FreezeAsync())
        {
            await CreateAsync(_client!, "Second", "second@example.org");
            Assert.Equal(["First", "Second"], await NamesAsync());
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task A_standby_without_the_table_breaks_no_answer()
    {
        await _standby!.ExecuteAsync("SELECT pg_wal_replay_pause()", "users");
        await _primary!.ExecuteAsync("DROP TABLE users, api_keys; DROP TABLE \"__EFMigrationsHistory\"", "users");
        await _standby!.ExecuteAsync("SELECT pg_wal_replay_resume()", "users");
        while (await _standby.ScalarAsync("SELECT to_regclass('users')::text", "users") is not DBNull)
            await Task.Delay(20, Cancelled);
        await _standby!.ExecuteAsync("SELECT pg_wal_replay_pause()", "users");

        await using var restarted = ServiceProcess.Start(_primary.UrlOf("users", _standby));
        using var client = await restarted.ConnectAsync(Cancelled);
        await CreateAsync(client, "Second", "second@example.org");
        Assert.Equal(["Second"], await NamesAsync(client));
    }

    private async Task<string[]> NamesAsync(HttpClient? client = null)
    {
        var page = await (client ?? _client!).GetFromJsonAsync<JsonElement>("/v1/users", Cancelled);
        return [.. page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString()!)];
    }
}
