using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Clients that send an octet each second, to hold what they hold as long as they can, beside others. 100 here, once; the
/// environment variables LOAD_LORIS and LOAD_TURNS ask for more.
/// </summary>
public sealed class SlowClientsTests : ProcessTests
{
    private const int Consumers = 8;

    private static readonly int Slow = Size.Of("LOAD_LORIS", 100);
    private static readonly int Turns = Size.Of("LOAD_TURNS", 1);

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>For headers, the setting below; for bodies, Kestrel's five seconds of grace; and as much again for a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact(SizedBy = "LOAD_LORIS")]
    public async Task Slow_clients_are_sent_away_and_hold_nobody_up()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl, ("Limits__RequestHeadersSeconds", "2"));
        using var client = await service.ConnectAsync(Cancelled);
        await ServeAsync(client, "warm");

        var (without, with) = (new List<double>(), new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            without.Add(await ServeAsync(client, $"without{turn}"));
            var held = Enumerable.Range(0, Slow).Select(i => HoldAsync(client.BaseAddress!, i)).ToList();
            with.Add(await ServeAsync(client, $"with{turn}"));
            foreach (var (hasAnswer, lasted) in await Task.WhenAll(held))
            {
                Assert.True(lasted < Patience, $"A slow client was there for {lasted.TotalSeconds:N0} s.");
                Assert.True(hasAnswer is null or 400 or 408, $"{hasAnswer}"); // a slow body is a malformed one
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"p99 {Median(without):N2} ms alone, {Median(with):N2} ms beside {Slow} slow clients (medians of {Turns} turns)."));
    }

    /// <summary>Consumers at work for one turn; every response is as it should be.</summary>
    /// <returns>The 99th percentile of how long they waited, in milliseconds.</returns>
    private static async Task<double> ServeAsync(HttpClient client, string turn)
    {
        var waits = await Task.WhenAll(Enumerable.Range(0, Consumers).Select(async consumer =>
        {
            var mine = new List<double>();
            var began = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(began) < Turn)
            {
                var started = Stopwatch.GetTimestamp();
                using var created = await client.PostAsJsonAsync("/v1/users", new { name = "Ann", email = $"{turn}.{consumer}.{mine.Count}@example.org" }, Cancelled);
                mine.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Assert.Equal(HttpStatusCode.Created, created.StatusCode);
                started = Stopwatch.GetTimestamp();
                using var read = await client.GetAsync(created.Headers.Location, Cancelled);
                mine.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            }

            return mine;
        }));
        var all = waits.SelectMany(wait => wait).Order().ToList();
        return all[all.Count * 99 / 100];
    }

    /// <summary>Half of them never come to the end of their headers, half never to the end of their body.</summary>
    private static async Task<(int? Status, TimeSpan Lasted)> HoldAsync(Uri service, int number)
    {
        var text = number % 2 == 0
            ? $"GET /v1/users HTTP/1.1\r\nHost: localhost\r\nX-Slow: {new string('x', 1_000)}"
            : RawConnection.Post("/v1/users", $$"""{"name":"{{new string('x', 1_000)}}"}""");
        var quick = number % 2 == 0 ? 0 : text.IndexOf('{', StringComparison.Ordinal);
        var started = Stopwatch.GetTimestamp();
        using var connection = await RawConnection.OpenAsync(service, Cancelled);
        var response = connection.ReadAsync(Cancelled);
        try
        {
            await connection.SendAsync(text[..quick], Cancelled);
            for (var i = quick; !response.IsCompleted && Stopwatch.GetElapsedTime(started) < Patience; i++)
            {
                await connection.SendAsync(text[i..(i + 1)], Cancelled);
                await Task.WhenAny(response, Task.Delay(TimeSpan.FromSeconds(1), Cancelled));
            }
        }
        catch (SocketException)
        {
            // It was sent away while it sent.
        }

        var lasted = Stopwatch.GetElapsedTime(started);
        return (response.IsCompleted ? (await response)?.Status : null, lasted);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
