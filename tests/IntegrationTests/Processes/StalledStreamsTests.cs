using System.Net.Http.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Streams of changes whose clients do not read.</summary>
public sealed class StalledStreamsTests : ProcessTests
{
    private const int Stalled = 50;

    [Fact]
    public async Task Take_little_memory_and_lose_access_with_all_others()
    {
        await using var service = ServiceProcess.Start(
            DatabaseUrl, ("Limits__KeepAliveSeconds", "5")); // for those whose last changes the operating system has taken
        using var client = await service.ConnectAsync(Cancelled);
        await FillAsync(client);
        var before = service.ResidentKilobytes;
        var sockets = service.OpenSockets;

        var stalled = new List<RawConnection>();
        for (var i = 0; i < Stalled; i++)
            stalled.Add(await StallAsync(client.BaseAddress!));
        await Task.Delay(TimeSpan.FromSeconds(2), Cancelled);
        Assert.InRange(service.ResidentKilobytes - before, int.MinValue, 400 * 1024); // it was over 1 GB
        await ApiKeys.CreateAsync(SettingsOf(DatabaseUrl)); // from now on, nobody is admitted without a key
        while (service.OpenSockets > sockets)
            await Task.Delay(100, Cancelled);
        stalled.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Do_not_hold_up_the_end_of_the_service()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        await FillAsync(client);
        using var stalled = await StallAsync(client.BaseAddress!);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancelled);

        await service.TerminateAsync(Cancelled);

        Assert.Equal(0, await service.EndsAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(15), Cancelled)); // else, after 30
    }

    // 400 changes of 8 KB.
    private static Task FillAsync(HttpClient client) => Parallel.ForAsync(0, 400, Cancelled, async (i, _) =>
    {
        var user = new { name = "Ann", email = $"{i}@example.org", attributes = new { text = new string('x', 8_000) } };
        using var created = await client.PostAsJsonAsync("/v1/users", user, Cancelled);
        Assert.Equal(201, (int)created.StatusCode);
    });

    private static async Task<RawConnection> StallAsync(Uri service)
    {
        var connection = await RawConnection.OpenAsync(service, Cancelled, receiveBuffer: 4096);
        await connection.SendAsync("GET /v1/changes HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", Cancelled);
        return connection;
    }
}
