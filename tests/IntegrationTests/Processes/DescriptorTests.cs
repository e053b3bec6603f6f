namespace UserCqrs.IntegrationTests.Processes;

/// <summary>More connections than the system lets the process have files open.</summary>
public sealed class DescriptorTests : ProcessTests
{
    private const int OpenFiles = 512;

    [Fact]
    public async Task More_idle_connections_than_descriptors_leave_the_service_what_it_needs()
    {
        await using var service = ServiceProcess.StartWithin(OpenFiles, DatabaseUrl);
        var address = await service.ListensAsync(Cancelled);
        var idle = new List<RawConnection>();
        for (var i = 0; i < OpenFiles + 200; i++)
            idle.Add(await RawConnection.OpenAsync(address, Cancelled));

        // The first request of all: the code that serves it is not loaded yet.
        Assert.Equal(200, (await idle[0].AskAsync(RawConnection.Get("/v1/users"), Cancelled))?.Status);
        Assert.Equal(201, (await idle[1].AskAsync(
            RawConnection.Post("/v1/users", """{"name":"Ann","email":"ann@example.org"}"""), Cancelled))?.Status);
        Assert.Contains("Limits:Connections is 20000", service.Output);
        Assert.Contains($"{OpenFiles}", service.Output);

        idle.ForEach(connection => connection.Dispose());
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        Assert.InRange(service.Output.Split('\n').Length, 1, 20); // no line for each connection that was closed
    }
}
