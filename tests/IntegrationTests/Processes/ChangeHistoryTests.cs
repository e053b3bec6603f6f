using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Readers of the log of changes, by pages and by a stream, get every change once and in the order of its user, while 64 writers
/// are at work, instances are killed, transactions stay open and, on PostgreSQL, the primary fails over. CHANGES asks for more changes.
/// </summary>
public sealed class ChangeHistoryTests : ProcessTests
{
    private const int Writers = 64;
    private const int SlowWriters = 4;

    private static readonly int Changes = Size.Of("CHANGES", 3_000);
    // Without it, an instance that starts again beside 64 writers who never rest takes half a minute.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(Changes > 100_000 ? 0 : 200);

    private static readonly int Kills = Math.Clamp(Changes / 1_500, 2, 30);

    [Fact(SizedBy = "CHANGES")]
    public async Task On_Sqlite()
    {
        await using var instance = new Instance(DatabaseUrl);
        await RunAsync([instance], () => Task.CompletedTask, _ => Task.CompletedTask);
    }

    [Fact(SizedBy = "CHANGES")]
    public async Task On_Postgres_with_three_instances_and_a_failover()
    {
        SharedPostgres.SkipIfMissing();
        await using var primary = await PostgresServer.StartNewAsync();
        await primary.ExecuteAsync("CREATE DATABASE users");
        await using var standby = await primary.StartStandbyAsync(isSynchronous: true);
        var url = primary.UrlOf("users", standby);
        await using var first = new Instance(url);
        await using var second = new Instance(url);
        await using var third = new Instance(url);
        var current = primary;

        await RunAsync([first, second, third], FailOverAsync, stop => Task.WhenAll(
            Enumerable.Range(0, SlowWriters).Select(writer => WriteSlowlyAsync(() => current.Port, writer, stop))));

        async Task FailOverAsync()
        {
            await primary.KillAsync();
            await standby.PromoteAsync();
            current = standby;
        }
    }

    private static async Task RunAsync(Instance[] instances, Func<Task> failOver, Func<CancellationToken, Task> others)
    {
        await Task.WhenAll(instances.Select(instance => instance.StartAsync()));
        var start = (await PageAsync(instances[0], "after=now"))!.Value.GetProperty("next").GetString()!;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var last = new TaskCompletionSource<long>(); // the user after whose creation nothing comes
        var (written, readers) = (new Counter(), new List<Task<List<Change>>>());
        for (var reader = 0; reader < 2; reader++)
            readers.Add(FollowPagesAsync(instances, reader, start, last.Task));
        readers.Add(FollowStreamAsync(instances, start, last.Task));
        var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(instances[writer % instances.Length], writer, written, stop.Token))
            .Append(others(stop.Token)).ToList();

        for (var kill = 0; kill < Kills; kill++)
        {
            while (written.Value < (long)Changes * (kill + 1) / (Kills + 1))
                await Task.Delay(20, Cancelled);
            if (kill == Kills / 2)
                await failOver();
            await instances[kill % instances.Length].RestartAsync();
        }

        while (written.Value < Changes)
            await Task.Delay(20, Cancelled);
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        string? path;
        while ((path = await SendAsync(instances[0], HttpMethod.Post, "/v1/users", $$"""{"name":"Zoe","email":"{{Guid.NewGuid():N}}@example.org"}""")) is null)
        {
        }

        last.SetResult(long.Parse(path["/v1/users/".Length..], CultureInfo.InvariantCulture));
        var all = await FollowPagesAsync(instances, 0, start, last.Task);
        Assert.True(all.Count >= Changes, $"{all.Count}");
        foreach (var reader in readers)
        {
            var seen = await reader;
            Assert.Equal(all.Select(change => change.Id), seen.Select(change => change.Id));
            var versions = new Dictionary<long, long>();
            foreach (var change in seen)
            {
                Assert.True(versions.GetValueOrDefault(change.UserId, change.Version - 1) == change.Version - 1, $"{change}");
                versions[change.UserId] = change.Version;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{all.Count} changes, {Kills} kills, {readers.Count} readers, 0 missed.");
    }

    private static async Task WriteAsync(Instance instance, int writer, Counter written, CancellationToken stop)
    {
        var name = $"{writer}.{Guid.NewGuid():N}";
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            if (Changes > 100_000 && round % 4 == 0)
            {
                var lines = string.Concat(Enumerable.Range(0, 500).Select(i => $$"""{"name":"Ann","email":"{{name}}.{{round}}.{{i}}@example.org"}""" + "\n"));
                written.Add(await SendAsync(instance, HttpMethod.Post, "/v1/users/import?mode=atomic", lines, "application/x-ndjson") is null ? 0 : 500);
                continue;
            }

            var path = await SendAsync(instance, HttpMethod.Post, "/v1/users", $$"""{"name":"Ann","email":"{{name}}.{{round}}@example.org"}""");
            if (path is null)
                continue;
            await Task.Delay(Pause, Cancelled);
            written.Add(1);
            written.Add(await SendAsync(instance, HttpMethod.Patch, path, """{"name":"Bob"}""", "application/merge-patch+json") is null ? 0 : 1);
            written.Add(await SendAsync(instance, HttpMethod.Delete, path, null) is null ? 0 : 1);
            written.Add(await SendAsync(instance, HttpMethod.Post, $"{path}/restore", null) is null ? 0 : 1);
        }
    }

    // Null: it failed, or nobody knows.
    private static async Task<string?> SendAsync(Instance instance, HttpMethod method, string path, string? body, string mediaType = "application/json")
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(instance.Address, path));
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, mediaType);
            using var response = await Instance.Client.SendAsync(request, Cancelled);
            await response.Content.ReadAsByteArrayAsync(Cancelled);
            Assert.True((int)response.StatusCode is < 500 or 503, $"{method} {path}: {response.StatusCode}");
            return response.IsSuccessStatusCode ? response.Headers.Location?.ToString() ?? path : null;
        }
        catch (HttpRequestException)
        {
            await Task.Delay(50, Cancelled);
            return null;
        }
    }

    // As another program would: the entry has its id long before the commit, or has none in the end.
    private static async Task WriteSlowlyAsync(Func<int> port, int writer, CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            try
            {
                await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={port()};Username=users;Database=users;Pooling=false");
                await connection.OpenAsync(Cancelled);
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
            catch (NpgsqlException)
            {
                await Task.Delay(50, Cancelled); // the primary was killed
            }
        }
    }

    private static async Task<List<Change>> FollowPagesAsync(Instance[] instances, int reader, string next, Task<long> last)
    {
        var seen = new List<Change>();
        for (var turn = reader; !HasSeen(last, seen); turn++)
        {
            if (await PageAsync(instances[turn % instances.Length], $"after={next}&limit=1000&wait=1") is not { } page)
                continue;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(Change.Of));
            next = page.GetProperty("next").GetString()!;
        }

        return seen;
    }

    private static async Task<List<Change>> FollowStreamAsync(Instance[] instances, string next, Task<long> last)
    {
        var seen = new List<Change>();
        for (var turn = 0; !HasSeen(last, seen); turn++)
        {
            try
            {
                await using var stream = await OpenStream.OpenAsync(instances[turn % instances.Length].Address, "", ("Last-Event-ID", next));
                while (!HasSeen(last, seen))
                {
                    var item = await stream.NextAsync();
                    next = item.EventId!;
                    if (item.EventType != "heartbeat")
                        seen.Add(Change.Of(JsonElement.Parse(item.Data)));
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or Xunit.Sdk.XunitException)
            {
                await Task.Delay(50, Cancelled); // the instance was killed
            }
        }

        return seen;
    }

    private static bool HasSeen(Task<long> last, List<Change> seen) =>
        last.IsCompletedSuccessfully && seen.Count > 0 && seen[^1].UserId == last.Result;

    private static async Task<JsonElement?> PageAsync(Instance instance, string query)
    {
        try
        {
            using var response = await Instance.Client.GetAsync(new Uri(instance.Address, $"/v1/changes?{query}"), Cancelled);
            if (response.IsSuccessStatusCode)
                return await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
            Assert.Equal(503, (int)response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // the instance was killed
        }

        await Task.Delay(50, Cancelled);
        return null;
    }

    private readonly record struct Change(long Id, long UserId, long Version)
    {
        public static Change Of(JsonElement change) => new(
            change.GetProperty("id").GetInt64(), change.GetProperty("userId").GetInt64(), change.GetProperty("version").GetInt64());
    }

    private sealed class Counter
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add(long count) => Interlocked.Add(ref _value, count);
    }

    /// <summary>A process of the service that is killed and started again, elsewhere.</summary>
    private sealed class Instance(string databaseUrl) : IAsyncDisposable
    {
        public static readonly HttpClient Client = new();

        private ServiceProcess? _process;
        private volatile Uri? _address;

        public Uri Address => _address!;

        public async Task StartAsync()
        {
            _process = ServiceProcess.Start(databaseUrl);
            _address = await _process.ListensAsync(Cancelled);
        }

        public async Task RestartAsync()
        {
            _process!.Kill();
            await _process.DisposeAsync();
            await StartAsync();
        }

        public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
