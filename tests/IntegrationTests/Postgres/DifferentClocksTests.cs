using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>Two instances on one database, one of whose clocks is an hour ahead.</summary>
public sealed class DifferentClocksTests : ProcessTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    public DifferentClocksTests() => SharedPostgres.SkipIfMissing();

    [Fact]
    public async Task UpdatedAt_never_runs_backwards_and_entity_tags_are_good_at_both()
    {
        await using var pair = await Pair.StartAsync();
        using var posted = await pair[1].PostAsJsonAsync("/v1/users", new { name = "Ann", email = "ann@example.org" }, Cancelled);
        var created = await posted.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        var path = $"/v1/users/{created.GetProperty("id")}";
        var last = created.GetProperty("updatedAt").GetDateTimeOffset();
        var tag = new EntityTagHeaderValue("\"1\"");

        for (var i = 0; i < 6; i++)
        {
            using var patch = new HttpRequestMessage(HttpMethod.Patch, path)
            {
                Content = JsonContent.Create(new { name = $"Ann {i}" }, MergePatch),
                Headers = { IfMatch = { tag } },
            };
            using var patched = await pair[i].SendAsync(patch, Cancelled);
            Assert.Equal(HttpStatusCode.OK, patched.StatusCode);
            var user = await patched.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
            var updatedAt = user.GetProperty("updatedAt").GetDateTimeOffset();
            Assert.True(updatedAt > last, $"{updatedAt:O} came after {last:O}.");
            (last, tag) = (updatedAt, patched.Headers.ETag!);

            using var read = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { tag } } };
            using var unchanged = await pair[i + 1].SendAsync(read, Cancelled);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }
    }

    [Fact]
    public async Task A_key_expires_by_the_clock_of_the_instance_that_is_asked_and_is_revoked_at_both()
    {
        await using var pair = await Pair.StartAsync();
        var brief = await pair.Behind.CreateKeyAsync(Ahead / 2, "users:read");
        var lasting = await pair.Behind.CreateKeyAsync(Ahead * 2, "users:read");

        foreach (var client in (HttpClient[])[pair[0], pair[1]])
            await UntilRefusedAsync(client, key: null); // until the instance knows that there are keys

        Assert.Equal(HttpStatusCode.OK, await ReadAsync(pair[0], brief));
        Assert.Equal(HttpStatusCode.Unauthorized, await ReadAsync(pair[1], brief));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(pair[0], lasting));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(pair[1], lasting));

        await pair.Behind.RevokeKeyAsync(lasting);
        foreach (var client in (HttpClient[])[pair[0], pair[1]])
            await UntilRefusedAsync(client, lasting);
    }

    private static async Task UntilRefusedAsync(HttpClient client, ApiKeySeen? key)
    {
        while (await ReadAsync(client, key) == HttpStatusCode.OK)
            await Task.Delay(50, Cancelled);
    }

    private static async Task<HttpStatusCode> ReadAsync(HttpClient client, ApiKeySeen? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/users");
        request.Headers.Authorization = key is null ? null : new("Bearer", key.Token);
        using var response = await client.SendAsync(request, Cancelled);
        return response.StatusCode;
    }

    private sealed class Pair(Instance behind, Instance ahead) : IAsyncDisposable
    {
        public Instance Behind => behind;

        public HttpClient this[int i] => i % 2 == 0 ? behind.Client : ahead.Client;

        public static async Task<Pair> StartAsync()
        {
            var url = await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();
            var (behind, ahead) = (new Instance(url, TimeSpan.Zero), new Instance(url, Ahead));
            await behind.InitializeAsync();
            await ahead.InitializeAsync();
            return new(behind, ahead);
        }

        public async ValueTask DisposeAsync()
        {
            await behind.DisposeAsync();
            await ahead.DisposeAsync();
        }
    }

    private sealed class Instance(string databaseUrl, TimeSpan ahead) : UsersService
    {
        protected override string DatabaseUrl => databaseUrl;

        protected override TimeProvider Clock { get; } = new ClockAhead(ahead);
    }

    private sealed class ClockAhead(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
