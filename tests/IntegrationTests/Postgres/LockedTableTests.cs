using System.Net;
using Npgsql;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>
/// What callers see while another program locks the table, so that statements run into their time-out. One lock here; the
/// environment variable LOCK_ROUNDS asks for more.
/// </summary>
public sealed class LockedTableTests : ProcessTests
{
    private const int Callers = 32;

    private static readonly HttpStatusCode[] Expected = [HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable];

    private static readonly int Rounds = Size.Of("LOCK_ROUNDS", 1);

    public LockedTableTests() => SharedPostgres.SkipIfMissing();

    [Fact(SizedBy = "LOCK_ROUNDS")]
    public async Task Reads_under_load_are_answered_or_unavailable_and_then_all_answered()
    {
        var database = await (await SharedPostgres.GetAsync()).CreateDatabaseAsync();
        await using var service = await AnyUsersService.StartAsync($"{database}?Command%20Timeout=1");
        var client = service.Client;
        var user = new Uri($"/v1/users/{await CreateAsync(client, "Ann", "ann@example.org")}", UriKind.Relative);

        var unavailable = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var callers = Enumerable.Range(0, Callers).Select(async _ =>
        {
            var counts = new Dictionary<HttpStatusCode, int>();
            while (!stop.IsCancellationRequested)
            {
                using var response = await client.GetAsync(user, Cancelled);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                    Interlocked.Increment(ref unavailable);
                counts[response.StatusCode] = counts.GetValueOrDefault(response.StatusCode) + 1;
            }

            return counts;
        }).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5), Cancelled);
            var before = Volatile.Read(ref unavailable);
            await using var locked = await LockAsync(database);
            while (Volatile.Read(ref unavailable) == before && callers.TrueForAll(caller => !caller.IsFaulted))
                await Task.Delay(10, Cancelled); // until the first time-out: the others come while the lock goes
        }

        await stop.CancelAsync();
        var seen = (await Task.WhenAll(callers)).SelectMany(counts => counts).ToLookup(count => count.Key, count => count.Value);

        Assert.All(seen, status => Assert.Contains(status.Key, Expected));
        foreach (var status in seen)
            TestContext.Current.TestOutputHelper?.WriteLine($"{status.Sum()} × {status.Key}");
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => client.GetAsync(user, Cancelled))),
            response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
    }

    [Fact]
    public async Task Keys_are_read_while_the_users_are_locked_and_every_other_connection_waits()
    {
        await using var service = new SmallPoolsService();
        await service.InitializeAsync();
        var key = await service.CreateKeyAsync(null, "users:read", "users:write");
        var late = await service.CreateKeyAsync(TimeSpan.FromDays(1), "users:read");
        using var client = new HttpClient { BaseAddress = service.Address };
        using (var response = await SendAsync(client, HttpMethod.Get, key.Token))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        List<Task<HttpResponseMessage>> waiting;
        await using (await LockAsync(service.Url))
        {
            waiting = [.. Enumerable.Range(0, 3 * SmallPoolsService.Size).SelectMany<int, Task<HttpResponseMessage>>(_ =>
            [
                SendAsync(client, HttpMethod.Get, key.Token, "/v1/users/1"),
                SendAsync(client, HttpMethod.Get, key.Token, "/v1/users"),
                SendAsync(client, HttpMethod.Delete, key.Token, "/v1/users/1"),
            ])];
            await Task.Delay(TimeSpan.FromSeconds(1.2), Cancelled); // the keys in memory are too old now

            await service.RevokeKeyAsync(late); // what is told of a key must come from the database
            HttpResponseMessage refused;
            do
                refused = await SendAsync(client, HttpMethod.Get, late.Token, "/v1/users?limit=0");
            while (refused.StatusCode == HttpStatusCode.BadRequest);

            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Contains(waiting, response => !response.IsCompleted);
        }

        await Task.WhenAll(waiting);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string token, string path = "/v1/users")
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new("Bearer", token) } };
        return await client.SendAsync(request, Cancelled);
    }

    /// <summary>Locks the users against everybody until it is disposed.</summary>
    private static async Task<NpgsqlConnection> LockAsync(string databaseUrl)
    {
        var url = new Uri(databaseUrl.Split('?')[0]);
        var connection = new NpgsqlConnection(
            $"Host={url.Host};Port={url.Port};Username={url.UserInfo};Database={url.AbsolutePath[1..]};Pooling=false");
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync(Cancelled);
        return connection;
    }

    private sealed class SmallPoolsService : PostgresUsersService
    {
        public const int Size = 2;

        public string Url => DatabaseUrl;

        protected override async Task<string> NewDatabaseAsync() =>
            $"{await base.NewDatabaseAsync()}?Maximum%20Pool%20Size={Size}";
    }
}
