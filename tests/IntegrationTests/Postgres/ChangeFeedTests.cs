using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>
/// Whoever follows the feed misses no change, although transactions become visible in another order than their entries have ids:
/// writers at three instances, others who keep transactions open for random times, and readers who change the instance with each
/// page. A reader that asks for <c>id &gt; after</c> alone is shown to miss some. CHANGE_ROUNDS asks for more rounds of writes.
/// </summary>
public sealed class ChangeFeedTests : ProcessTests
{
    private const int Instances = 3;
    private const int Writers = 48;
    private const int SlowWriters = 16;

    private static readonly int Rounds = Size.Of("CHANGE_ROUNDS", 12);

    public ChangeFeedTests() => SharedPostgres.SkipIfMissing();

    [Fact(SizedBy = "CHANGE_ROUNDS")]
    public async Task Misses_nothing_that_is_committed_late()
    {
        var server = await SharedPostgres.GetAsync();
        var url = await server.CreateDatabaseAsync();
        var database = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = server.Port,
            Username = "users",
            Database = new Uri(url).AbsolutePath[1..],
            MaxPoolSize = SlowWriters + 4,
        }.ConnectionString;
        await using var connections = NpgsqlDataSource.Create(database);
        await using var first = await AnyUsersService.StartAsync(url);
        await using var second = await AnyUsersService.StartAsync(url);
        await using var third = await AnyUsersService.StartAsync(url);
        HttpClient[] clients = [first.Client, second.Client, third.Client];
        var start = (await PageAsync(clients[0], "after=now")).Next;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var readers = Enumerable.Range(0, Instances).Select(reader => FollowAsync(clients, reader, start, stop.Token)).ToList();
        var naive = FollowNaivelyAsync(connections, stop.Token);

        await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(writer => WriteAsync(clients[writer % Instances], writer))
                .Concat(Enumerable.Range(0, SlowWriters).Select(writer => WriteSlowlyAsync(connections, writer))));

        await stop.CancelAsync();
        var written = await IdsAsync(connections);
        foreach (var reader in readers)
        {
            var seen = await reader;
            Assert.Equal(written, seen.Select(change => change.Id).Order());
            Assert.All(seen.GroupBy(change => change.UserId), user => Assert.Equal(user.Select(change => change.Version).Order(), user.Select(change => change.Version)));
        }

        var missed = written.Except(await naive).Count();
        TestContext.Current.TestOutputHelper?.WriteLine($"{written.Count} changes, 0 missed; {missed} missed by asking for id > after.");
        Assert.True(missed > 0, "No transaction was late: this run shows nothing.");
    }

    private static async Task WriteAsync(HttpClient client, int writer)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var email = $"{writer}.{round}@feed.example";
            var created = await SendAsync(() => client.PostAsJsonAsync("/v1/users", new { name = "Ann", email }, Cancelled));
            if (created is not null)
                await SendAsync(() => client.PatchAsync(created, JsonContent.Create(new { name = "Bob" }, MergePatch), Cancelled));
        }

        // A server that is busy may refuse a write.
        static async Task<Uri?> SendAsync(Func<Task<HttpResponseMessage>> send)
        {
            using var response = await send();
            Assert.True(response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{response.StatusCode}");
            return response.Headers.Location;
        }
    }

    // As another program would, or an import: the entry has its id long before the commit.
    private static async Task WriteSlowlyAsync(NpgsqlDataSource connections, int writer)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await using var connection = await connections.OpenConnectionAsync(Cancelled);
            await using var transaction = await connection.BeginTransactionAsync(Cancelled);
            await using var insert = new NpgsqlCommand("""
                INSERT INTO users (name, email, email_key, created_at, updated_at, version, search_text) VALUES ('Slow', $1, $1, now(), now(), 1, '')
                """, connection)
            {
                Parameters = { new() { Value = $"slow{writer}.{round}@feed.example" } },
            };
            await insert.ExecuteNonQueryAsync(Cancelled);
            await Task.Delay(Random.Shared.Next(100), Cancelled);
            if (Random.Shared.Next(4) > 0)
                await transaction.CommitAsync(Cancelled);
        }
    }

    private static async Task<List<(long Id, long UserId, long Version)>> FollowAsync(HttpClient[] clients, int reader, string next, CancellationToken stop)
    {
        var seen = new List<(long, long, long)>();
        var isLast = false;
        for (var page = 0; ; page++)
        {
            var (items, after) = await PageAsync(clients[(reader + page) % Instances], $"after={next}&limit=50&wait={(isLast ? 0 : 1)}");
            seen.AddRange(items);
            next = after;
            if (items.Count == 0 && isLast)
                return seen;
            isLast = isLast || (items.Count == 0 && stop.IsCancellationRequested);
        }
    }

    private static async Task<HashSet<long>> FollowNaivelyAsync(NpgsqlDataSource connections, CancellationToken stop)
    {
        var seen = new HashSet<long>();
        while (!stop.IsCancellationRequested)
        {
            foreach (var id in await IdsAsync(connections, after: seen.Count == 0 ? 0 : seen.Max()))
                seen.Add(id);
            await Task.Delay(5, CancellationToken.None);
        }

        return seen;
    }

    private static async Task<List<long>> IdsAsync(NpgsqlDataSource connections, long after = 0)
    {
        await using var command = connections.CreateCommand("SELECT id FROM user_changes WHERE id > $1 AND type > 0 ORDER BY id");
        command.Parameters.Add(new() { Value = after });
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var ids = new List<long>();
        while (await reader.ReadAsync(Cancelled))
            ids.Add(reader.GetInt64(0));
        return ids;
    }

    private static async Task<(List<(long Id, long UserId, long Version)> Items, string Next)> PageAsync(HttpClient client, string query)
    {
        var page = await client.GetFromJsonAsync<JsonElement>($"/v1/changes?{query}", Cancelled);
        return (
            [.. page.GetProperty("items").EnumerateArray().Select(change =>
                (change.GetProperty("id").GetInt64(), change.GetProperty("userId").GetInt64(), change.GetProperty("version").GetInt64()))],
            page.GetProperty("next").GetString()!);
    }
}
