using System.Net;
using System.Net.Sockets;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>Hands each connection to the next of several servers, in turn.</summary>
internal sealed class Balancer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public Balancer(params Uri[] servers)
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _ = AcceptAsync(servers);
    }

    public Uri Address { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Uri[] servers)
    {
        for (var i = 0; ; i++)
            _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token), servers[i % servers.Length]);
    }

    private static async Task RelayAsync(TcpClient client, Uri server)
    {
        using (client)
        using (var upstream = new TcpClient())
        {
            await upstream.ConnectAsync(server.Host, server.Port);
            var up = client.GetStream().CopyToAsync(upstream.GetStream());
            var down = upstream.GetStream().CopyToAsync(client.GetStream());
            await Task.WhenAny(up, down);
            if (!down.IsCompletedSuccessfully)
                return;

            // The last response must reach a client that still sends: a socket that is closed with octets unread is reset.
            client.Client.Shutdown(SocketShutdown.Send);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await client.GetStream().CopyToAsync(Stream.Null, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
