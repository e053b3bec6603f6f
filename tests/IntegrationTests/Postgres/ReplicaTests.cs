using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>A primary and a standby that follows it a little later: which of them serves what, and what happens if the standby fails.</summary>
public sealed class ReplicaTests : ProcessTests, IClassFixture<ReplicaTests.Servers>, IAsyncLifetime
{
    private readonly string _database = $"users_{Guid.NewGuid():N}";
    private readonly Servers _servers;
    private AnyUsersService? _service;

    public ReplicaTests(Servers servers)
    {
        SharedPostgres.SkipIfMissing();
        _servers = servers;
    }

    private HttpClient Client => _service!.Client;

    private PostgresServer Primary => _servers.Primary;

    private PostgresServer Standby => _servers.Standby;

    public async ValueTask InitializeAsync()
    {
        await Primary.ExecuteAsync($"CREATE DATABASE {_database}");
        _service = await AnyUsersService.StartAsync(Primary.UrlOf(_database, Standby));
        await CreateAsync(Client, "First", "first@example.org");
        while (await Standby.ScalarAsync("SELECT pg_last_wal_replay_lsn()") is not { } replayed
            || !(bool)(await Primary.ScalarAsync($"SELECT pg_current_wal_lsn() <= '{replayed}'"))!)
            await Task.Delay(20, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        await _servers.RepairAsync();
        Dispose();
    }

    [Fact]
    public async Task Lists_are_the_standbys_and_everything_else_the_primarys()
    {
        await Standby.ExecuteAsync("SELECT pg_wal_replay_pause()");
        var id = await CreateAsync(Client, "Second", "second@example.org");

        Assert.Equal(["First"], await NamesAsync());
        Assert.Equal("Second", (await Client.GetFromJsonAsync<JsonElement>($"/v1/users/{id}", Cancelled)).GetProperty("name").GetString());
        using var taken = await Client.PostAsJsonAsync("/v1/users", new { name = "Third", email = "second@example.org" }, Cancelled);
        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        using var changed = await Client.PatchAsync(
            $"/v1/users/{id}", JsonContent.Create(new { name = "Renamed" }, MergePatch), Cancelled);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task A_search_finds_what_a_standby_does_not_have_yet()
    {
        await Standby.ExecuteAsync("SELECT pg_wal_replay_pause()");
        await CreateAsync(Client, "Second", "second@example.org");

        var page = await Client.GetFromJsonAsync<JsonElement>("/v1/users?q=second", Cancelled);

        Assert.Equal(1, page.GetProperty("items").GetArrayLength());
        Assert.Equal(["First"], await NamesAsync());
        await Standby.ExecuteAsync("SELECT pg_wal_replay_resume()");
    }

    [Fact]
    public async Task A_dead_standby_breaks_no_answer()
    {
        Assert.Equal(["First"], await NamesAsync());
        await Standby.KillAsync();
        await CreateAsync(Client, "Second", "second@example.org");

        for (var i = 0; i < 20; i++)
            Assert.Equal(["First", "Second"], await NamesAsync());
    }

    [Fact]
    public async Task A_standby_that_hangs_breaks_no_answer()
    {
        Assert.Equal(["First"], await NamesAsync());
        await using (await Standby.FreezeAsync())
        {
            await CreateAsync(Client, "Second", "second@example.org");
            Assert.Equal(["First", "Second"], await NamesAsync());
        }
    }

    [Fact]
    public async Task A_standby_without_the_table_breaks_no_answer()
    {
        await Standby.ExecuteAsync("SELECT pg_wal_replay_pause()");
        await Primary.ExecuteAsync("DROP TABLE users, user_changes, api_keys, idempotency_keys; DROP TABLE \"__EFMigrationsHistory\"", _database);
        await Standby.ExecuteAsync("SELECT pg_wal_replay_resume()");
        while (await Standby.ScalarAsync("SELECT to_regclass('users')::text", _database) is not DBNull)
            await Task.Delay(20, Cancelled);
        await Standby.ExecuteAsync("SELECT pg_wal_replay_pause()");

        await using var restarted = await AnyUsersService.StartAsync(Primary.UrlOf(_database, Standby));
        var client = restarted.Client;
        await CreateAsync(client, "Second", "second@example.org");
        Assert.Equal(["Second"], await NamesAsync(client));
    }

    private async Task<string[]> NamesAsync(HttpClient? client = null)
    {
        var page = await (client ?? Client).GetFromJsonAsync<JsonElement>("/v1/users", Cancelled);
        return [.. page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString()!)];
    }

    /// <summary>The two servers, on which each test has a database of its own.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private PostgresServer? _primary;
        private PostgresServer? _standby;

        public PostgresServer Primary => _primary!;

        public PostgresServer Standby => _standby!;

        public async ValueTask InitializeAsync()
        {
            if (PostgresServer.Missing is not null)
                return; // the tests say so, one by one
            _primary = await PostgresServer.StartNewAsync();
            _standby = await _primary.StartStandbyAsync(isSynchronous: false);
        }

        /// <summary>After a test, the standby runs and follows again.</summary>
        public async Task RepairAsync()
        {
            if (!Standby.IsRunning)
                await Standby.StartAsync();
            await Standby.ExecuteAsync("SELECT pg_wal_replay_resume()");
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in new[] { _standby, _primary }.OfType<PostgresServer>())
                await server.DisposeAsync();
        }
    }
}
