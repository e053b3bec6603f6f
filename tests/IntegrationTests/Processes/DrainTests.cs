using System.Net.Sockets;
using System.Text;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

public sealed class DrainTests : ProcessTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task Says_that_it_is_not_ready_and_finishes_what_it_has_begun(string signal)
    {
        await using var service = ServiceProcess.Start(DatabaseUrl, ("Shutdown__DrainSeconds", "1"));
        var address = await service.ListensAsync(Cancelled);
        using var client = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { ConnectionClose = true } };
        Assert.Equal(200, await StatusOfAsync(client, "/health/ready"));

        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, Cancelled);
        var stream = socket.GetStream();
        await WriteAsync(stream, """
            POST /v1/users HTTP/1.1
            Host: localhost
            Content-Type: application/json
            Transfer-Encoding: chunked
            Expect: 100-continue
            Connection: close


            """);
        var response = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 100 Continue", await response.ReadLineAsync(Cancelled)); // the service waits for the body
        await WriteChunkAsync(stream, """{"name":"Ann" """);

        await service.TerminateAsync(Cancelled, signal);
        while (await StatusOfAsync(client, "/health/ready") != 503)
            await Task.Delay(10, Cancelled);
        Assert.Equal(200, await StatusOfAsync(client, "/v1/users"));
        while (await StatusOfAsync(client, "/health/live") is not null)
            await Task.Delay(10, Cancelled);

        await WriteChunkAsync(stream, ""","email":"ann@example.org"}""");
        await WriteChunkAsync(stream, "");
        var rest = await response.ReadToEndAsync(Cancelled);

        Assert.Contains("HTTP/1.1 201 Created", rest);
        Assert.Contains("ann@example.org", rest);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
    }

    [Fact]
    public async Task Streams_of_changes_end_at_once_and_tell_their_clients_to_come_back_at_different_times()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl, ("Shutdown__DrainSeconds", "0"));
        var address = await service.ListensAsync(Cancelled);
        var streams = new List<OpenStream>();
        for (var i = 0; i < 8; i++)
            streams.Add(await OpenStream.OpenAsync(address, "after=now"));

        await service.TerminateAsync(Cancelled);
        await Task.WhenAll(streams.Select(stream => stream.EndsAsync()));

        Assert.Equal(0, await service.EndsAsync(Cancelled));
        var waits = streams.Select(stream => stream.ReconnectionInterval).Distinct().ToList();
        Assert.True(waits.Count > 1, "All clients are to come back at the same time.");
        Assert.All(waits, wait => Assert.InRange(wait.TotalSeconds, 2, 10));
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    // Null: nobody listens any more.
    private static async Task<int?> StatusOfAsync(HttpClient client, string path)
    {
        try
        {
            using var response = await client.GetAsync(path, Cancelled);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static Task WriteChunkAsync(NetworkStream stream, string text) =>
        WriteAsync(stream, $"{Encoding.UTF8.GetByteCount(text):x}\n{text}\n");

    private static Task WriteAsync(NetworkStream stream, string text) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")), Cancelled).AsTask();
}
