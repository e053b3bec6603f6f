using System.Globalization;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Consumers that keep their connections and are silent. 300 here; the environment variable LOAD_IDLE asks for more, as many
/// as the machine lets a process have files open.
/// </summary>
public sealed class IdleConnectionsTests : ProcessTests
{
    private static readonly int Connections = Size.Of("LOAD_IDLE", 300);

    [Fact(SizedBy = "LOAD_IDLE")]
    public async Task Connections_that_are_idle_cost_nobody_service_and_are_served_again()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        var user = $"/v1/users/{await CreateAsync(client, "Ann", "ann@example.org")}";
        for (var i = 0; i < 500; i++)
            await client.GetStringAsync(user, Cancelled); // so that what it costs to warm up is not counted

        var before = service.ResidentKilobytes;
        var idle = new RawConnection[Connections];
        await Parallel.ForAsync(0, Connections, Cancelled, async (i, _) =>
        {
            idle[i] = await RawConnection.OpenAsync(client.BaseAddress!, Cancelled);
            Assert.Equal(200, (await idle[i].AskAsync(RawConnection.Get(user), Cancelled))?.Status);
        });
        var each = (service.ResidentKilobytes - before) / (double)Connections;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Connections} idle connections, {each:N1} KiB each ({before} KiB before)."));

        Assert.True(service.OpenSockets > Connections, $"{service.OpenSockets}");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => CreateAsync(client, "Bob", $"bob{i}@example.org")));
        Assert.Contains("\"total\":201", await client.GetStringAsync("/v1/users?count=true", Cancelled));
        foreach (var connection in idle)
        {
            Assert.Equal(200, (await connection.AskAsync(RawConnection.Get(user), Cancelled))?.Status);
            connection.Dispose();
        }
    }
}
