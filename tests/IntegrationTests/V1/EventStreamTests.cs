using System.Net.ServerSentEvents;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary><c>GET /v1/changes</c> as Server-Sent Events.</summary>
public abstract class EventStreamTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Sends_each_change_as_an_event_whose_id_is_where_to_go_on()
    {
        await using var stream = await OpenAsync("after=now");
        var start = await stream.NextAsync();
        var user = await NewUserAsync("Ånn\u2028Lee");
        var created = await stream.NextAsync(user.Id);
        await DeleteAsync(user.Path);
        var deleted = await stream.NextAsync(user.Id);

        Assert.Equal(("heartbeat", "{}", TimeSpan.FromSeconds(2)), (start.EventType, start.Data, stream.ReconnectionInterval));
        Assert.Equal(("message", "message"), (created.EventType, deleted.EventType));
        var page = await GetAsync($"/v1/changes?after={start.EventId}&limit=1000&wait=10");
        Assert.Contains(created.Data, page.Json.GetProperty("items").EnumerateArray().Select(change => change.GetRawText()));
        var next = await GetAsync($"/v1/changes?after={created.EventId}&limit=1000");
        Assert.Contains(deleted.Data, next.Json.GetProperty("items").EnumerateArray().Select(change => change.GetRawText()));
        Assert.DoesNotContain(created.Data, next.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_held_back_by_proxies_caches_or_compression()
    {
        await using var stream = await OpenAsync("after=now", ("Accept-Encoding", "gzip, br"));

        Assert.Equal("text/event-stream", $"{stream.Response.Content.Headers.ContentType}");
        Assert.Equal("no", stream.Response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("no-store", $"{stream.Response.Headers.CacheControl}");
        Assert.Empty(stream.Response.Content.Headers.ContentEncoding);
        Assert.Equal("heartbeat", (await stream.NextAsync()).EventType);
    }

    [Fact]
    public async Task A_client_that_comes_back_misses_nothing_and_its_id_goes_before_after()
    {
        string id;
        await using (var stream = await OpenAsync("after=now"))
            id = (await stream.NextAsync()).EventId!;
        var users = new List<long>();
        for (var i = 0; i < 5; i++)
            users.Add((await NewUserAsync()).Id);

        await using var again = await OpenAsync("after=now&limit=2", ("Last-Event-ID", id)); // two at first, the others later

        foreach (var user in users)
            await again.NextAsync(user);
    }

    [Fact]
    public async Task A_stream_that_starts_long_ago_gets_all_changes_in_order()
    {
        await using var stream = await OpenAsync("after=now");
        var start = (await stream.NextAsync()).EventId;
        var lines = string.Concat(Enumerable.Range(0, 1200).Select(i => Fields($"{i}", NewEmail()) + "\n"));
        await SendAsync("POST", "/v1/users/import", Body(lines, "application/x-ndjson"));

        await using var late = await OpenAsync($"after={start}&limit=10");
        var (early, all) = (new List<string>(), new List<string>());
        while (all.Count < 1200)
            Collect(await late.NextAsync(), all);
        while (early.Count < 1200)
            Collect(await stream.NextAsync(), early);

        Assert.Equal(Enumerable.Range(0, 1200).Select(i => $"{i}"), all);
        Assert.Equal(all, early);

        static void Collect(SseItem<string> item, List<string> names)
        {
            if (item.EventType != "heartbeat" && NameOf(item) is { } name && int.TryParse(name, out _))
                names.Add(name);
        }
    }

    [Fact]
    public async Task A_heartbeat_comes_every_15_seconds()
    {
        await using var stream = await OpenAsync("after=now");
        await stream.NextAsync();
        var begun = TimeProvider.System.GetTimestamp();
        while ((await stream.NextAsync()).EventType != "heartbeat")
        {
        }

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 14, 20);
    }

    [Theory]
    [InlineData("text/event-stream;q=0.5, application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/*", "text/event-stream")]
    [InlineData("application/json;q=0.5, text/event-stream", "text/event-stream")]
    public async Task Accept_decides_between_a_page_and_a_stream(string accept, string mediaType)
    {
        using var head = await SendAsync(HttpMethod.Head, "/v1/changes", ("Accept", accept));
        Assert.Equal((200, mediaType), ((int)head.StatusCode, $"{head.Content.Headers.ContentType}"));
    }

    [Fact]
    public async Task Errors_are_reported_before_the_stream_begins()
    {
        var stream = ("Accept", "text/event-stream");
        (await GetAsync("/v1/changes?after=x&limit=0", stream)).IsProblem(400, "invalid-parameter", "?limit limit.outOfRange", "?after after.invalid");
        (await GetAsync("/v1/changes?limit=1001&wait=61", stream)).IsProblem(
            400, "invalid-parameter", "?limit limit.outOfRange", "?wait wait.outOfRange");
        (await GetAsync("/v1/changes", stream, ("Last-Event-ID", "x"))).IsProblem(400, "malformed-request");
        (await GetAsync("/v1/changes", stream, ("Last-Event-ID", "AX__________AAAAAAAAAAA"))).IsProblem(410, "changes-gone");
    }

    private static string? NameOf(SseItem<string> item)
    {
        using var change = JsonDocument.Parse(item.Data);
        return change.RootElement.TryGetProperty("user", out var user) ? user.GetProperty("name").GetString() : null;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient { BaseAddress = Service.Address };
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, Cancelled);
    }

    private Task<OpenStream> OpenAsync(string query, params (string Name, string Value)[] headers) =>
        OpenStream.OpenAsync(Service.Address, query, headers);
}
