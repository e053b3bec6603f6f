using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>HTTP/2 without TLS, by prior knowledge (RFC 9113 §3.3).</summary>
public sealed class Http2Tests : ProcessTests
{
    private static readonly (string, string)[] H2c =
    [
        ("Kestrel__Endpoints__H2c__Url", "http://127.0.0.1:0"), ("Kestrel__Endpoints__H2c__Protocols", "Http2"),
        ("Limits__Connections", "5000"), // few enough for any limit of open files
    ];

    [Fact]
    public async Task Serves_users_and_keeps_the_rules()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl, H2c);
        using var client = await ConnectAsync(service);
        var id = await CreateAsync(client, "Ann", "ann@example.org");
        using var tooLarge = new StringContent(new string(' ', 65_537), new MediaTypeHeaderValue("application/json"));
        using var tooLargeWithoutLength = JsonContent.Create(new { name = new string('x', 65_537) });

        Assert.Equal(200, await StatusOfAsync(client, new(HttpMethod.Get, $"/v1/users/{id}")));
        Assert.Equal(304, await StatusOfAsync(client, new(HttpMethod.Get, $"/v1/users/{id}") { Headers = { { "If-None-Match", "*" } } }));
        Assert.Equal(421, await StatusOfAsync(client, new(HttpMethod.Get, "/v1/users") { Headers = { Host = "evil.example" } }));
        Assert.Equal(413, await StatusOfAsync(client, new(HttpMethod.Post, "/v1/users") { Content = tooLarge }));
        Assert.Equal(413, await StatusOfAsync(client, new(HttpMethod.Post, "/v1/users") { Content = tooLargeWithoutLength }));
    }

    [Fact]
    public async Task Once_it_stops_each_response_is_the_last_of_its_connection()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl, [.. H2c, ("Shutdown__DrainSeconds", "3")]);
        var connections = 0;
        using var client = await ConnectAsync(service, () => connections++);
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, await StatusOfAsync(client, new(HttpMethod.Get, "/health/ready")));
        Assert.Equal(1, connections);

        await service.TerminateAsync(Cancelled);
        while (await StatusOfAsync(client, new(HttpMethod.Get, "/health/ready")) != 503)
            await Task.Delay(10, Cancelled);
        var before = connections;
        Assert.Equal(200, await StatusOfAsync(client, new(HttpMethod.Get, "/health/live")));
        Assert.Equal(200, await StatusOfAsync(client, new(HttpMethod.Get, "/health/live")));

        Assert.Equal(before + 2, connections);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        Assert.DoesNotContain("have been removed", service.Output); // Kestrel warns so of headers that HTTP/2 does not have
    }

    [Fact]
    public async Task A_client_that_resets_a_request_while_it_sends_the_body_is_no_error()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl, H2c);
        using var client = await ConnectAsync(service);
        for (var i = 0; i < 20; i++)
        {
            using var cancel = new CancellationTokenSource();
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/users") { Content = new UnfinishedBody(cancel) };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StatusOfAsync(client, request, cancel.Token));
        }

        Assert.Equal(200, await StatusOfAsync(client, new(HttpMethod.Get, "/v1/users")));
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", service.Output);
    }

    private static async Task<HttpClient> ConnectAsync(ServiceProcess service, Action? connected = null)
    {
        var handler = new SocketsHttpHandler
        {
            PlaintextStreamFilter = (context, _) =>
            {
                connected?.Invoke();
                return ValueTask.FromResult(context.PlaintextStream);
            },
        };
        return new(handler)
        {
            BaseAddress = await service.ListensAsync(Cancelled),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    private static async Task<int> StatusOfAsync(HttpClient client, HttpRequestMessage request, CancellationToken? cancellationToken = null)
    {
        using (request)
        {
            (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);
            using var response = await client.SendAsync(request, cancellationToken ?? Cancelled);
            Assert.Equal(HttpVersion.Version20, response.Version);
            return (int)response.StatusCode;
        }
    }

    /// <summary>A body that begins, and whose request is cancelled a moment later.</summary>
    private sealed class UnfinishedBody : HttpContent
    {
        private readonly CancellationTokenSource _cancel;

        public UnfinishedBody(CancellationTokenSource cancel)
        {
            _cancel = cancel;
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{"u8.ToArray());
            await stream.FlushAsync();
            _cancel.CancelAfter(20);
            await Task.Delay(System.Threading.Timeout.Infinite, _cancel.Token);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
