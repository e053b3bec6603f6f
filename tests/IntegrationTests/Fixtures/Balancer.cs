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
            await Task.WhenAny(
                client.GetStream().CopyToAsync(upstream.GetStream()), upstream.GetStream().CopyToAsync(client.GetStream()));
        }
    }
}
