using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>
/// What no HTTP library would send. Behind each request another one follows on the same connection, <c>GET /health/live</c>:
/// "404 200" are a response and the response to that one; "400" alone means that the service has closed the connection, which
/// it must where it cannot know where the next request begins.
/// </summary>
public abstract partial class RawSocketTests(UsersService service) : HttpTests(service)
{
    // 40 octets, in hexadecimal 28.
    private const string Ann = """{"name":"Ann","email":"raw@example.org"}""";
    private const string GetUsers = "GET /v1/users HTTP/1.1\r\nHost: {host}\r\n";
    private const string PostUsers = "POST /v1/users HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n";
    private const string Chunked = $"{PostUsers}Transfer-Encoding: chunked\r\n\r\n";

    [Theory]
    [InlineData($"zz\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"-28\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"0x28\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"27\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"28\n{Ann}\n0\n\n")]
    [InlineData($"ffffffffffffffffff\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"28\r\n{Ann}\r\n-0\r\n\r\n")]
    public async Task Refuses_chunks_that_are_none(string chunks) => await RefusesAsync("400", Chunked + chunks);

    [Theory]
    [InlineData($"28\r\n{Ann}\r\n")]
    [InlineData($"28\r\n{Ann}\r\n0\r\n")]
    [InlineData("28\r\n{\"name\"")]
    public async Task Answers_nobody_who_hangs_up_within_a_body(string chunks) =>
        await RefusesAsync("", Chunked + chunks, isCutShort: true);

    [Theory]
    [InlineData($"28\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"00000028\r\n{Ann}\r\n0\r\n\r\n")]
    [InlineData($"28;a=1;b=\"c\"\r\n{Ann}\r\n0;d\r\nTrailer: e\r\n\r\n")]
    [InlineData("1\r\n{\r\n27\r\n\"name\":\"Ann\",\"email\":\"raw@example.org\"}\r\n0\r\n\r\n")]
    public async Task Reads_chunks_whatever_their_extensions_and_trailers(string chunks) => await CreatesAsync("201 200", Chunked + chunks);

    [Theory]
    [InlineData("Content-Length: 40\r\nContent-Length: 40")]
    [InlineData("Content-Length: 40\r\nContent-Length: 5")]
    [InlineData("Content-Length: 40, 40")]
    [InlineData("Content-Length: -40")]
    [InlineData("Content-Length: 0x28")]
    [InlineData("Content-Length: 4 0")]
    [InlineData("Content-Length: 40.0")]
    [InlineData("Content-Length: forty")]
    [InlineData("Content-Length:")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length : 40")]
    [InlineData("Transfer-Encoding: identity")]
    [InlineData("Transfer-Encoding: chunked, gzip")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding: \"chunked\"")]
    [InlineData("Transfer-Encoding : chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")]
    [InlineData("Transfer-Encoding:\r\n chunked")]
    public async Task Refuses_a_body_whose_length_is_in_doubt(string header) =>
        await RefusesAsync("400", $"{PostUsers}{header}\r\n\r\n{Ann}");

    [Fact]
    public async Task Refuses_a_body_by_its_length_alone_when_that_is_absurd() =>
        await RefusesAsync("413", $"{PostUsers}Content-Length: {long.MaxValue}\r\n\r\n{Ann}");

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked")]
    public async Task Goes_by_chunks_alone_where_a_length_is_given_too_and_closes(string headers) => // RFC 9112 §6.1
        await CreatesAsync("201", $"{PostUsers}{headers}\r\n\r\n28\r\n{Ann}\r\n0\r\n\r\n");

    [Theory]
    [InlineData("GET /v1/users", "application/json", "200 200")]
    [InlineData("DELETE /v1/users/0", "application/json", "404 200")]
    [InlineData("POST /v1/users", "text/plain", "415 200")]
    [InlineData("POST /v1/users", "application/json", "400 200")]
    [InlineData("POST /v1/nothing", "application/json", "404 200")]
    [InlineData("POST /v1/users/1", "application/json", "405 200")]
    public async Task Never_answers_a_request_that_is_the_body_of_another(string line, string mediaType, string statuses)
    {
        var victim = await NewUserAsync();
        var hidden = $"DELETE {victim.Path} HTTP/1.1\r\nHost: {Service.Address.Authority}\r\n\r\n";
        var head = $"{line} HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: {mediaType}\r\n";

        await RefusesAsync(statuses, $"{head}Content-Length: {hidden.Length}\r\n\r\n{hidden}");
        await RefusesAsync(statuses, $"{head}Transfer-Encoding: chunked\r\n\r\n{hidden.Length:x}\r\n{hidden}\r\n0\r\n\r\n");
    }

    [Theory]
    [InlineData("X: a\r\n b")] // obs-fold, RFC 9112 §5.2
    [InlineData("X: a\r\n\tb")]
    [InlineData(": a")]
    [InlineData("X a")]
    [InlineData("X : a")]
    [InlineData("X: a\rb")]
    [InlineData("X: a\0b")]
    [InlineData("X\0: a")]
    [InlineData("X: \u00ff\u00fe")]
    [InlineData("Host: {host}")]
    [InlineData("Host: elsewhere.example")]
    public async Task Refuses_a_header_that_is_none(string header) => await RefusesAsync("400", $"{GetUsers}{header}\r\n\r\n");

    [Theory]
    [InlineData("")]
    [InlineData("Host: a b\r\n")]
    [InlineData("Host: a/b\r\n")]
    [InlineData("Host: a@b\r\n")]
    [InlineData("Host: a,b\r\n")]
    [InlineData("Host: a:b\r\n")]
    [InlineData("Host: [::1\r\n")]
    [InlineData("Host: \u00e4\r\n")]
    public async Task Refuses_a_host_that_is_none(string host) => await RefusesAsync("400", $"GET /v1/users HTTP/1.1\r\n{host}\r\n");

    [Fact]
    public async Task Refuses_a_flood_of_headers()
    {
        await RefusesAsync("431", $"{GetUsers}{string.Concat(Enumerable.Range(0, 1000).Select(number => $"X{number}: a\r\n"))}\r\n");
        await RefusesAsync("431", $"{GetUsers}X: {new string('a', 1_000_000)}\r\n\r\n");
        await RefusesAsync("414", $"GET /v1/users?namePrefix={new string('a', 1_000_000)} HTTP/1.1\r\nHost: {{host}}\r\n\r\n");
    }

    [Theory]
    [InlineData("GET /v1/users", "505")] // HTTP/0.9
    [InlineData("GET /v1/users HTTP/0.9", "505")]
    [InlineData("GET /v1/users HTTP/1.2", "505")]
    [InlineData("GET /v1/users HTTP/2.0", "505")]
    [InlineData("GET  /v1/users HTTP/1.1", "400")]
    [InlineData("/v1/users HTTP/1.1", "400")]
    [InlineData("G\0T /v1/users HTTP/1.1", "400")]
    [InlineData("GET v1/users HTTP/1.1", "400")]
    [InlineData("GET * HTTP/1.1", "405")]
    [InlineData("CONNECT {host} HTTP/1.1", "405 200")]
    [InlineData("CONNECT elsewhere.example:80 HTTP/1.1", "400")]
    [InlineData("GET ftp://{host}/v1/users HTTP/1.1", "400")]
    [InlineData("GET http:///v1/users HTTP/1.1", "400")]
    [InlineData("GET http://elsewhere.example/v1/users HTTP/1.1", "400")]
    [InlineData("GET http://{host}/v1/users HTTP/1.1", "200 200")]
    [InlineData("DELETE http://{host}/v1/users HTTP/1.1", "405 200")]
    [InlineData("OPTIONS * HTTP/1.1", "405 200")]
    public async Task Takes_only_a_request_line_that_is_one(string line, string statuses) =>
        await RefusesAsync(statuses, $"{line}\r\nHost: {{host}}\r\n\r\n");

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "")] // answered in HTTP/2: GOAWAY
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000", "400")] // TLS
    public async Task Refuses_another_protocol(string start, string statuses) => await RefusesAsync(statuses, start);

    [Fact]
    public async Task Ends_lines_at_a_bare_line_feed() => // RFC 9112 §2.2
        await RefusesAsync("200 200", "GET /v1/users HTTP/1.1\nHost: {host}\n\n");

    [Theory]
    [InlineData("//v1/users", "404 200")]
    [InlineData("/v1//users", "404 200")]
    [InlineData("/v1/users/%2e%2e", "404 200")]
    [InlineData("/v1/users/..%2f..%2fetc", "404 200")]
    [InlineData("/v1%2fusers", "404 200")]
    [InlineData("/v1\\users", "404 200")]
    [InlineData("/v1/users;a=b", "404 200")]
    [InlineData("/v1/users#a", "404 200")]
    [InlineData("/v1/users/%", "404 200")]
    [InlineData("/v1/users/%zz", "404 200")]
    [InlineData("/v1/users/%c0%af", "404 200")] // an overlong slash
    [InlineData("/v1/users/%ed%a0%80", "404 200")] // half of a surrogate pair
    [InlineData("/v1/users/%ff", "404 200")]
    [InlineData("/v1/users/%0d%0aX:%20a", "404 200")]
    [InlineData("/user/%c0%af", "405 200")]
    [InlineData("/v1/users/%00", "400")]
    [InlineData("/%00", "400")]
    [InlineData("/v1/users/\u00ff", "400")]
    [InlineData("/../v1/users", "200 200")]
    [InlineData("/v1/nothing/../users", "200 200")]
    [InlineData("/v1/nothing/%2e%2e/users", "200 200")]
    public async Task Is_not_misled_by_a_path(string path, string statuses) =>
        await RefusesAsync(statuses, $"GET {path} HTTP/1.1\r\nHost: {{host}}\r\n\r\n");

    [Fact]
    public async Task Answers_pipelined_requests_in_their_order()
    {
        var user = await NewUserAsync();
        string[] requests =
        [
            $"GET {user.Path}", "GET /v1/nothing", $"DELETE {user.Path}", $"GET {user.Path}",
            "DELETE /v1/users", "GET /users/", "GET /user",
        ];

        Assert.Equal("200 404 204 404 405 200 422 200", await StatusesAsync(
            string.Concat(requests.Select(request => $"{request} HTTP/1.1\r\nHost: {{host}}\r\n\r\n"))));
    }

    [Theory]
    [InlineData("GET /v1/users HTTP/1.1\r\nHost: {host}\r\nX y\r\n\r\n", "400")] // what follows it is not answered
    [InlineData("DELETE /v1/users/0 HTTP/1.1\r\nHost: {host}\r\n\r\n", "404 200")]
    public async Task Answers_a_thousand_pipelined_requests_up_to_one_that_is_malformed(string last, string statuses)
    {
        const int count = 1_000;
        var requests = string.Concat(Enumerable.Repeat("GET /v1/users/0 HTTP/1.1\r\nHost: {host}\r\n\r\n", count));

        Assert.Equal(string.Join(' ', [.. Enumerable.Repeat("404", count), statuses]), await StatusesAsync(requests + last));
    }

    [Fact]
    public async Task Does_not_wait_long_for_a_body_that_stops_midway()
    {
        var before = await GetAsync("/users/");
        var clock = Stopwatch.StartNew();
        var statuses = await Task.WhenAll(
            StatusesAsync($"{PostUsers}Content-Length: 40\r\n\r\n{{\"name\"", isLast: true),
            StatusesAsync($"{Chunked}7fffffff\r\n{{\"name\"", isLast: true));

        // The server's own least rate for a body: 240 octets a second after the first 5 s.
        Assert.All(statuses, status => Assert.Matches("^4[0-9]{2}$", status));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20));
        Assert.Equal(before.Text, (await GetAsync("/users/")).Text);
    }

    /// <summary>Holds the statuses against the expected ones, and that nothing has changed.</summary>
    private async Task RefusesAsync(string statuses, string request, bool isCutShort = false)
    {
        var before = await GetAsync("/users/");
        Assert.Equal(statuses, await StatusesAsync(request, isCutShort));
        Assert.Equal(before.Text, (await GetAsync("/users/")).Text);
    }

    private async Task CreatesAsync(string statuses, string request)
    {
        Assert.Equal(statuses, await StatusesAsync(request));
        var users = (await GetAsync("/v1/users?email=raw@example.org")).Json.GetProperty("items");
        Assert.Equal(204, (await DeleteAsync($"/v1/users/{Assert.Single(users.EnumerateArray()).GetProperty("id")}")).Status);
    }

    /// <summary>The statuses of all responses until the service closes the connection.</summary>
    private async Task<string> StatusesAsync(string request, bool isCutShort = false, bool isLast = false)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Service.Address.Host, Service.Address.Port, Cancelled);
        var stream = socket.GetStream();
        var next = isCutShort || isLast ? "" : "GET /health/live HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n";
        var octets = Encoding.Latin1.GetBytes($"{request}{next}".Replace("{host}", Service.Address.Authority, StringComparison.Ordinal));
        var sending = UntilClosedAsync(stream.WriteAsync(octets, Cancelled).AsTask());
        if (isCutShort)
        {
            await sending;
            socket.Client.Shutdown(SocketShutdown.Send);
        }

        var responses = new MemoryStream();
        await UntilClosedAsync(stream.CopyToAsync(responses, Cancelled));
        await sending;
        return string.Join(' ', StatusLine().Matches(Encoding.Latin1.GetString(responses.ToArray())).Select(match => match.Groups[1].Value));
    }

    // The service may close before it has read everything, which resets the connection.
    private static async Task UntilClosedAsync(Task transfer)
    {
        try
        {
            await transfer;
        }
        catch (IOException e) when (e.InnerException is SocketException
        {
            SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown,
        })
        {
        }
    }

    [GeneratedRegex("HTTP/1\\.1 ([0-9]{3}) ")]
    private static partial Regex StatusLine();
}
