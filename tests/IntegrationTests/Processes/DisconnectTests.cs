using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Clients that vanish at any moment. 200 here; the environment variable LOAD_DISCONNECTS asks for more, and LOAD_SEED for the
/// same moments again.
/// </summary>
public sealed class DisconnectTests : ProcessTests
{
    private const int Concurrency = 32;
    private const int PoolSize = 5; // so few that each connection that is lost is missed

    private static readonly int Clients = Size.Of("LOAD_DISCONNECTS", 200);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory(SizedBy = "LOAD_DISCONNECTS")]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Clients_that_vanish_leave_whole_users_or_none_and_nothing_open(string engine)
    {
        var seed = Size.Of("LOAD_SEED", Random.Shared.Next());
        TestContext.Current.TestOutputHelper?.WriteLine($"LOAD_SEED={seed}");
        await using var database = await ProcessDatabase.StartAsync(engine);
        await using var service = ServiceProcess.Start(
            engine == ProcessDatabase.Sqlite ? database.Url : $"{database.Url}?Maximum%20Pool%20Size={PoolSize}",
            ("Database__Readers", "4"), ("Limits__Connections", "5000")); // few enough for any limit of open files
        var address = await service.ListensAsync(Cancelled);

        await ServeAsync(address, "before"); // every pool is as large as it gets
        var sockets = await SettlesAsync(() => Task.FromResult((long)service.OpenSockets));
        var files = service.OpenFiles;
        var clients = new ConcurrentBag<Vanishing>();
        await Parallel.ForAsync(0, Clients, new ParallelOptions { MaxDegreeOfParallelism = Concurrency }, async (i, _) =>
        {
            var client = new Vanishing(seed, i);
            await client.RunAsync(address);
            clients.Add(client);
        });

        var stored = await SettlesAsync(async () => (await database.ReadUsersAsync()).Count);
        var users = await database.ReadUsersAsync();
        Assert.All(clients.Where(client => client.WasAcknowledged), client => Assert.Contains(client.Email, users.Keys));
        Assert.All(clients.Where(client => !client.WasSentWhole), client => Assert.DoesNotContain(client.Email, users.Keys));
        Assert.All(clients.Where(client => users.ContainsKey(client.Email)), client => Assert.Equal(client.Name, users[client.Email]));
        var vanished = clients.Where(client => client is { WasSentWhole: true, WasAcknowledged: false }).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{clients.Count} clients, {vanished.Count} gone without their response, {vanished.Count(client => users.ContainsKey(client.Email))} of their users kept.");
        Assert.NotEmpty(vanished);

        await ServeAsync(address, "after");
        Assert.Equal(stored + Concurrency * 4, await CountAsync(address));
        Assert.Equal(0, await SettlesAsync(database.CountBusyConnectionsAsync));
        var started = Stopwatch.GetTimestamp();
        while (service.OpenSockets > sockets + 3 * PoolSize) // what the pools had left to grow
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{sockets} sockets were open before, {service.OpenSockets} are now.");
            await Task.Delay(50, Cancelled);
        }

        // Code is loaded at need, and SQLite keeps what readers closed while others had locks, for readers to come.
        Assert.True(service.OpenFiles < files + Concurrency, $"{files} files were open before, {service.OpenFiles} are now.");

        // Whoever goes away is no incident.
        Assert.All(
            service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains("\"LogLevel\":\"Information\"", line));
    }

    /// <summary>Writes, reads and lists, all at once; then nobody is connected.</summary>
    private static async Task ServeAsync(Uri address, string prefix)
    {
        using var client = new HttpClient { BaseAddress = address };
        await Task.WhenAll(Enumerable.Range(0, Concurrency).Select(async i =>
        {
            for (var j = 0; j < 4; j++)
            {
                var id = await CreateAsync(client, "Ann", $"{prefix}.{i}.{j}@example.org");
                await client.GetStringAsync($"/v1/users/{id}", Cancelled);
                await client.GetStringAsync("/v1/users?sort=name", Cancelled);
            }
        }));
    }

    private static async Task<long> CountAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        return JsonElement.Parse(await client.GetStringAsync("/v1/users?count=true", Cancelled)).GetProperty("total").GetInt64();
    }

    /// <summary>What it is when it has not changed for a while.</summary>
    private static async Task<long> SettlesAsync(Func<Task<long>> read)
    {
        var (value, since) = (await read(), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromMilliseconds(500))
        {
            await Task.Delay(50, Cancelled);
            if (await read() is var now && now != value)
                (value, since) = (now, Stopwatch.GetTimestamp());
        }

        return value;
    }

    /// <summary>One that sends some of a new user and goes, or sends it whole, and then may wait for the response or not.</summary>
    private sealed class Vanishing(int seed, int number)
    {
        private readonly Random _random = new(HashCode.Combine(seed, number));

        public string Name => $"Ann {number}";

        public string Email => $"{number}@example.org";

        public bool WasSentWhole { get; private set; }

        public bool WasAcknowledged { get; private set; }

        public async Task RunAsync(Uri address)
        {
            var request = RawConnection.Post("/v1/users", $$"""{"name":"{{Name}}","email":"{{Email}}"}""");
            var line = request.IndexOf('\n', StringComparison.Ordinal);
            var body = request.IndexOf('{', StringComparison.Ordinal);
            var sent = _random.Next(5) switch
            {
                0 => _random.Next(line),
                1 => _random.Next(line, body),
                2 => _random.Next(body, request.Length),
                _ => request.Length,
            };
            WasSentWhole = sent == request.Length;

            using var connection = await RawConnection.OpenAsync(address, Cancelled);
            await connection.SendAsync(request[..sent], Cancelled);
            if (WasSentWhole && _random.Next(3) == 0)
                WasAcknowledged = (await connection.ReadAsync(Cancelled))?.Status == 201;
            else
                await Task.Delay(_random.Next(12), Cancelled);
            connection.HangUp(reset: _random.Next(2) == 0);
        }
    }
}
