using System.Net.ServerSentEvents;
using System.Text.Json;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>A stream of changes, read by .NET's own parser of Server-Sent Events.</summary>
internal sealed class OpenStream : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly SseParser<string> _parser;
    private readonly IAsyncEnumerator<SseItem<string>> _events;

    private OpenStream(HttpClient client, HttpResponseMessage response, Stream body)
    {
        (_client, Response, _parser) = (client, response, SseParser.Create(body));
        _events = _parser.EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
    }

    public HttpResponseMessage Response { get; }

    /// <summary>How long a client waits before it reconnects.</summary>
    public TimeSpan ReconnectionInterval => _parser.ReconnectionInterval;

    public static async Task<OpenStream> OpenAsync(Uri service, string query, params (string Name, string Value)[] headers)
    {
        var client = new HttpClient { BaseAddress = service };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?{query}");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return new(client, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    public async Task<SseItem<string>> NextAsync()
    {
        Assert.True(await _events.MoveNextAsync(), "The stream has ended.");
        return _events.Current;
    }

    /// <summary>The next change of a user.</summary>
    public async Task<SseItem<string>> NextAsync(long userId)
    {
        while (true)
        {
            var item = await NextAsync();
            if (item.EventType == "heartbeat")
                continue;
            using var change = JsonDocument.Parse(item.Data);
            if (change.RootElement.GetProperty("userId").GetInt64() == userId)
                return item;
        }
    }

    /// <summary>Reads until the service ends the stream.</summary>
    public async Task EndsAsync()
    {
        while (await _events.MoveNextAsync())
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync();
        Response.Dispose();
        _client.Dispose();
    }
}
