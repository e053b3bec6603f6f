using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Security;

/// <summary>What one caller can take from the others: as much as the settings say.</summary>
[OnOneDatabase("limits apply before a database is used")]
public sealed class LimitsTests(LimitsTests.LimitedService service) : HttpTests(service), IClassFixture<LimitsTests.LimitedService>
{
    private const int PerSecond = 20;

    [Fact]
    public async Task Who_asks_too_often_is_told_to_wait_and_then_need_not()
    {
        var (patient, eager) = (await NewKeyAsync(), await NewKeyAsync());
        var (response, asked) = await AskUntilRefusedAsync("/v1/users", eager);

        response.IsProblem(429, "too-many-requests");
        Assert.Equal("1", response.Header("Retry-After"));
        Assert.InRange(asked, (2 * PerSecond) + 1, 10 * PerSecond); // more than the burst is what came in meanwhile
        Assert.Equal(200, (await GetAsync("/v1/users", patient)).Status);
        (await AskUntilRefusedAsync("/users", eager)).Response.Is(429, """{"detail":"Too Many Requests"}""");
        (await SendAsync("POST", "/v1/users", Body("", "text/plain"), eager)).IsProblem(415, "unsupported-media-type");
        (await GetAsync("/v1/users", eager, ("Accept", "text/html"))).IsProblem(406, "not-acceptable");

        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancelled);
        Assert.Equal(200, (await GetAsync("/v1/users", eager)).Status);
    }

    [Fact]
    public async Task Who_has_no_credential_is_known_by_the_address_and_cannot_keep_a_probe_away()
    {
        await NewKeyAsync();
        var statuses = new List<int>();
        for (var i = 0; i < 10 * PerSecond && !statuses.Contains(429); i++)
        {
            statuses.Add((await GetAsync("/v1/users", ("Authorization", $"Bearer guess{i}"))).Status);
            statuses.Add((await GetAsync("/problems")).Status);
        }

        Assert.Equal([200, 401, 429], statuses.Distinct().Order());
        Assert.Equal((200, 200), ((await GetAsync("/health/live")).Status, (await GetAsync("/health/ready")).Status));
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancelled); // for the tests after this one
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_408()
    {
        using var socket = await ConnectAsync();
        await WriteAsync(socket, "POST /user HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + $"Authorization: {(await NewKeyAsync()).Value}\r\nContent-Length: 100\r\n\r\n{{\"name\":");
        var response = new StreamReader(socket.GetStream());

        Assert.Equal("HTTP/1.1 408 Request Timeout", await response.ReadLineAsync(Cancelled));
        var headers = new List<string>();
        while (await response.ReadLineAsync(Cancelled) is { Length: > 0 } header)
            headers.Add(header);
        Assert.Contains("Connection: close", headers);
        Assert.Contains("Cache-Control: no-store", headers);
    }

    [Fact]
    public async Task Headers_that_do_not_come_end_the_connection()
    {
        using var socket = await ConnectAsync();
        await WriteAsync(socket, "GET /v1/users HTTP/1.1\r\nHost: local");

        var response = await ReadAsync(socket);

        Assert.StartsWith("HTTP/1.1 408 ", response);
    }

    [Fact]
    public async Task A_connection_that_is_idle_is_closed()
    {
        using var socket = await ConnectAsync();
        await WriteAsync(socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", await ReadAsync(socket)); // to its end
    }

    [Fact]
    public async Task Headers_that_are_too_long_are_431()
    {
        using var socket = await ConnectAsync();
        await WriteAsync(socket, $"GET /v1/users HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 5_000)}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431 ", await ReadAsync(socket));
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_and_the_others_are_none_the_worse()
    {
        await using var few = new FewConnections();
        await few.InitializeAsync();
        var sockets = new List<TcpClient>();
        for (var i = 0; i < FewConnections.Limit + 5; i++)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(few.Address.Host, few.Address.Port, Cancelled);
            sockets.Add(socket);
        }

        var served = 0;
        foreach (var socket in sockets)
        {
            try
            {
                await WriteAsync(socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
                served += await new StreamReader(socket.GetStream()).ReadLineAsync(Cancelled) == "HTTP/1.1 200 OK" ? 1 : 0;
            }
            catch (IOException)
            {
                // one of those that were closed
            }
        }

        sockets.ForEach(socket => socket.Dispose());
        Assert.Equal(FewConnections.Limit, served);
    }

    [Fact]
    public async Task Streams_of_changes_have_limits_of_their_own()
    {
        await using var few = new FewStreams();
        few.StartServer();
        var (first, second) = (await NewKeyAsync(few), await NewKeyAsync(few));
        var streams = new List<OpenStream>();
        foreach (var key in new[] { first, first, second })
            streams.Add(await OpenStream.OpenAsync(few.Address, "after=now", key));

        Assert.Equal(429, await StatusAsync(first));
        Assert.Equal(503, await StatusAsync(second));
        await streams[0].DisposeAsync();
        var status = 503;
        for (; status == 503; status = await StatusAsync(second)) // until the service has noticed
            await Task.Delay(50, Cancelled);
        Assert.Equal(200, status);
        foreach (var stream in streams)
            await stream.DisposeAsync();

        async Task<int> StatusAsync((string Name, string Value) key)
        {
            using var client = new HttpClient { BaseAddress = few.Address, DefaultRequestHeaders = { { key.Name, key.Value }, { "Accept", "text/event-stream" } } };
            using var response = await client.GetAsync("/v1/changes", HttpCompletionOption.ResponseHeadersRead, Cancelled);
            return (int)response.StatusCode;
        }
    }

    private async Task<(Response Response, int Asked)> AskUntilRefusedAsync(string path, (string, string) key)
    {
        for (var asked = 1; ; asked++)
        {
            var response = await GetAsync(path, key);
            if (response.Status != 200)
                return (response, asked);
        }
    }

    private Task<(string Name, string Value)> NewKeyAsync() => NewKeyAsync(Service);

    private static async Task<(string Name, string Value)> NewKeyAsync(UsersService service)
    {
        var key = await service.CreateKeyAsync(null, "users:admin");
        var keys = service.Services.GetRequiredService<ApiKeyRing>();
        while ((await keys.FindAsync(key.Token, Cancelled)).Key is null)
            await Task.Delay(20, Cancelled); // until the service reads the keys again
        return ("Authorization", $"Bearer {key.Token}");
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(Service.Address.Host, Service.Address.Port, Cancelled);
        return socket;
    }

    private static Task WriteAsync(TcpClient socket, string text) =>
        socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Cancelled).AsTask();

    private static Task<string> ReadAsync(TcpClient socket) => new StreamReader(socket.GetStream()).ReadToEndAsync(Cancelled);

    public sealed class LimitedService : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Limits:RequestsPerSecond", $"{PerSecond}").UseSetting("Limits:RequestSeconds", "1")
                .UseSetting("Limits:RequestHeadersSeconds", "1").UseSetting("Limits:RequestHeadersBytes", "4096")
                .UseSetting("Limits:KeepAliveSeconds", "1");
        }
    }

    private sealed class FewStreams : SqliteUsersService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Limits:EventStreams", "3").UseSetting("Limits:EventStreamsPerCaller", "2");
        }
    }

    private sealed class FewConnections : SqliteUsersService
    {
        public const int Limit = 3;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Limits:Connections", $"{Limit}");
        }
    }
}
