using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Processes;

namespace UserCqrs.IntegrationTests.Postgres;

/// <summary>
/// Kills the primary under writers and readers, promotes the synchronous standby, and holds that against what the writers were
/// told. One round here; the environment variable FAILOVER_ROUNDS asks for more.
/// </summary>
public sealed class FailoverTests : ProcessTests
{
    private const int Writers = 16;

    private static readonly int Rounds = Size.Of("FAILOVER_ROUNDS", 1);

    public FailoverTests() => SharedPostgres.SkipIfMissing();

    [Fact(SizedBy = "FAILOVER_ROUNDS")]
    public async Task Loses_nothing_that_was_acknowledged_and_comes_back_by_itself()
    {
        var outages = new List<TimeSpan>();
        var acknowledged = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await using var primary = await PostgresServer.StartNewAsync();
            await primary.ExecuteAsync("CREATE DATABASE users");
            await using var standby = await primary.StartStandbyAsync(isSynchronous: true);
            await using var service = await AnyUsersService.StartAsync(primary.UrlOf("users", standby));
            var client = service.Client;

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var emails = new ConcurrentBag<string>();
            var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(client, emails, $"w{writer}", stop.Token)).ToList();
            await Task.Delay(Random.Shared.Next(500, 1500), Cancelled);
            await primary.KillAsync();
            await Task.Delay(Random.Shared.Next(100, 1000), Cancelled);
            await standby.PromoteAsync();
            outages.Add(await OutageAsync(client, round));
            await stop.CancelAsync();
            await Task.WhenAll(writers);

            var stored = (string[])(await standby.ScalarAsync("SELECT array_agg(email) FROM users", "users"))!;
            Assert.Empty(emails.Except(stored));
            Assert.True(emails.Count > Writers, "The writers were hardly answered: this run shows nothing.");
            acknowledged += emails.Count;
        }

        outages.Sort();
        var p95 = outages[(int)Math.Ceiling(outages.Count * 0.95) - 1];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Rounds} failovers, {acknowledged} acknowledged writes, 0 lost. Outage after the promotion: "
            + $"median {outages[outages.Count / 2].TotalSeconds:N2} s, p95 {p95.TotalSeconds:N2} s, longest {outages[^1].TotalSeconds:N2} s.");
        Assert.True(p95 < TimeSpan.FromSeconds(10), $"{p95} after the promotion writes were still refused.");
    }

    /// <summary>From now until a write, a read of a user and a list are answered one after the other.</summary>
    private static async Task<TimeSpan> OutageAsync(HttpClient client, int round)
    {
        var promoted = Stopwatch.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            using var written = await client.PostAsJsonAsync("/v1/users", new { name = "Probe", email = $"probe{round}.{attempt}@example.org" }, Cancelled);
            using var read = written.Headers.Location is { } user ? await client.GetAsync(user, Cancelled) : null;
            using var listed = await client.GetAsync(new Uri("/v1/users?limit=1", UriKind.Relative), Cancelled);
            if (read?.StatusCode == HttpStatusCode.OK && listed.StatusCode == HttpStatusCode.OK)
                return Stopwatch.GetElapsedTime(promoted);
            Assert.True(written.IsSuccessStatusCode || written.StatusCode == HttpStatusCode.ServiceUnavailable, $"{written.StatusCode}");
            await Task.Delay(20, Cancelled);
        }
    }

    private static async Task WriteAsync(HttpClient client, ConcurrentBag<string> acknowledged, string writer, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var email = $"{writer}.{i}@example.org";
            using var response = await client.PostAsJsonAsync("/v1/users", new { name = "Ann", email }, Cancelled);
            if (response.StatusCode == HttpStatusCode.Created)
                acknowledged.Add(email);
            else
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }
}
