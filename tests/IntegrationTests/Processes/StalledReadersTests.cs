using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Clients that ask for a large page and do not read it. 100 here; the environment variable LOAD_STALLED asks for more.
/// </summary>
public sealed class StalledReadersTests : ProcessTests
{
    private static readonly int Stalled = Size.Of("LOAD_STALLED", 100);

    /// <summary>Kestrel's five seconds of grace, a page at the slowest rate below, and three times as much for a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact(SizedBy = "LOAD_STALLED")]
    public async Task They_are_sent_away_and_others_are_served_meanwhile()
    {
        await using var service = ServiceProcess.Start(
            DatabaseUrl, ("Limits__ResponseBytesPerSecond", "65536"), ("Limits__UnreadMegabytes", "8"),
            ("Limits__KeepAliveSeconds", "5")); // for those whose page the operating system has taken
        using var client = await service.ConnectAsync(Cancelled);
        var page = await FillPageAsync(client);
        var sockets = service.OpenSockets;

        var stalled = new RawConnection[Stalled];
        await Parallel.ForAsync(0, Stalled, Cancelled, async (i, _) =>
        {
            stalled[i] = await RawConnection.OpenAsync(client.BaseAddress!, Cancelled, receiveBuffer: 4096);
            await stalled[i].SendAsync(RawConnection.Get("/v1/users?limit=200"), Cancelled);
        });
        var started = Stopwatch.GetTimestamp();
        do
        {
            Assert.Equal(page, (await client.GetStringAsync("/v1/users?limit=200", Cancelled)).Length); // who reads is served
            await Task.Delay(100, Cancelled);
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{service.OpenSockets - sockets} of {Stalled} are still there.");
        }
        while (service.OpenSockets > sockets + 1);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Stalled} stalled readers of {page} characters: gone in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s."));
        foreach (var connection in stalled)
            connection.Dispose();
    }

    [Fact]
    public async Task Who_reads_the_list_of_all_users_slowly_but_steadily_gets_it_whole()
    {
        await using var service = ServiceProcess.Start(
            DatabaseUrl, ("Limits__ResponseBytesPerSecond", "16384"), ("Limits__RequestSeconds", "5"));
        using var client = await service.ConnectAsync(Cancelled);
        await FillPageAsync(client);
        var all = await client.GetStringAsync("/users/", Cancelled);

        using var connection = await RawConnection.OpenAsync(client.BaseAddress!, Cancelled, receiveBuffer: 4096);
        await connection.SendAsync(RawConnection.Get("/users/"), Cancelled);
        var started = Stopwatch.GetTimestamp();
        var response = await connection.ReadAsync(Cancelled, bytesPerSecond: 65_536);

        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(5)); // longer than other requests may take
        Assert.Equal(200, response?.Status);
        Assert.True(response!.Text.Length > all.Length);
    }

    /// <summary>Makes the 200 users of a page as large as users can be, and returns how many characters it has.</summary>
    private static async Task<int> FillPageAsync(HttpClient client)
    {
        await Parallel.ForAsync(0, 200, Cancelled, async (i, _) =>
        {
            var domain = string.Join('.', Enumerable.Repeat(new string('x', 60), 3));
            var user = new { name = string.Concat(Enumerable.Repeat("😀", 200)), email = $"{i:D60}@{domain}.org" };
            using var created = await client.PostAsJsonAsync("/v1/users", user, Cancelled);
            Assert.Equal(201, (int)created.StatusCode);
        });
        return (await client.GetStringAsync("/v1/users?limit=200", Cancelled)).Length;
    }
}
