using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Takes OTLP over HTTP and keeps the octets.</summary>
internal sealed class TelemetryCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, byte[] Octets)> _received = [];
    private readonly WebApplication _server;

    private TelemetryCollector(WebApplication server)
    {
        _server = server;
        _server.MapPost("/v1/{signal}", TakeAsync);
    }

    public string Address => _server.Urls.Single();

    public static async Task<TelemetryCollector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var collector = new TelemetryCollector(builder.Build());
        collector._server.Urls.Add("http://127.0.0.1:0");
        await collector._server.StartAsync(cancellationToken);
        return collector;
    }

    /// <summary>Whether any message for this signal holds the text, which protobuf keeps as UTF-8.</summary>
    public bool Holds(string signal, string text) => _received.Any(message =>
        message.Path == $"/v1/{signal}" && message.Octets.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>All messages, octet by octet.</summary>
    public string Text => string.Join('\n', _received.Select(message => Encoding.Latin1.GetString(message.Octets)));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpRequest request)
    {
        using var octets = new MemoryStream();
        await request.Body.CopyToAsync(octets, request.HttpContext.RequestAborted);
        _received.Enqueue((request.Path, octets.ToArray()));
    }
}
