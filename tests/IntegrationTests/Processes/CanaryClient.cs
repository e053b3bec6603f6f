using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Sends canaries and looks through every response for what must not be in it.</summary>
internal sealed partial class CanaryClient(Uri service, CancellationToken cancellationToken) : IDisposable
{
    private static readonly string[] Banners = ["Server", "Via", "X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version"];

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, ActivityHeadersPropagator = null })
    {
        BaseAddress = service,
    };

    /// <summary>Every status that was answered.</summary>
    public ConcurrentBag<int> Statuses { get; } = [];

    /// <summary>Every response that told too much.</summary>
    public ConcurrentBag<string> Leaks { get; } = [];

    /// <summary>Sends a request, checks the status, and returns the body.</summary>
    public async Task<string> IsAsync(int status, string method, string path, string? body = null, params (string, string)[] headers)
    {
        var response = await SendAsync(new(method, path, body, headers));
        Assert.Equal((method, path, status), (method, path, response.Status));
        return response.Body;
    }

    public async Task<(int Status, string Body)> SendAsync(CanaryRequest request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Body is not null)
        {
            message.Content = new StringContent(request.Body);
            message.Content.Headers.Remove("Content-Type");
            Assert.True(message.Content.Headers.TryAddWithoutValidation("Content-Type", request.MediaType));
        }

        foreach (var (name, value) in request.Headers)
            Assert.True(message.Headers.TryAddWithoutValidation(name, value) || message.Content?.Headers.TryAddWithoutValidation(name, value) != false);
        using var response = await _client.SendAsync(message, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers).Select(header => (header.Key, string.Join(", ", header.Value)));
        Inspect($"{request.Method} {request.Path}", (int)response.StatusCode, headers, body);
        return ((int)response.StatusCode, body);
    }

    /// <summary>Sends these characters, and inspects what comes until the service closes the connection.</summary>
    public async Task SendRawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Host, service.Port, cancellationToken);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        using var reader = new StreamReader(socket.GetStream());
        var parts = (await reader.ReadToEndAsync(cancellationToken)).Split("\r\n\r\n", 2);
        var head = parts[0].Split("\r\n");
        Inspect(
            request, int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture),
            head[1..].Select(line => line.Split(": ", 2)).Select(header => (header[0], header[1])), parts[1]);
    }

    /// <summary>Sends a new user, or half of one, and is gone before the response.</summary>
    public async Task<(int Status, string Body)> HangUpAsync()
    {
        var user = Canary.NewUser();
        var request = $"POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {user.Length}\r\n\r\n{user}";
        using var socket = new TcpClient { LingerState = new LingerOption(enable: true, 0) }; // a reset
        await socket.ConnectAsync(service.Host, service.Port, cancellationToken);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(request, 0, Random.Shared.Next(2) == 0 ? request.Length : request.Length - 20), cancellationToken);
        await Task.Delay(Random.Shared.Next(20), cancellationToken);
        return default;
    }

    public void Dispose() => _client.Dispose();

    private void Inspect(string request, int status, IEnumerable<(string Name, string Value)> headers, string body)
    {
        Statuses.Add(status);
        foreach (var (name, value) in headers)
        {
            // Link repeats the query string.
            var told = Banners.Contains(name, StringComparer.OrdinalIgnoreCase) || Library().IsMatch(value)
                || (Canary.FindIn(value) is not null && name != "Link");
            if (told)
                Leaks.Add($"{request}: {status} {name}: {value}");
        }

        // A success is the users themselves. A refusal repeats the request's path and the names of its members and parameters.
        var leak = Library().Match(body) is { Success: true } library ? library.Value : null;
        if (status >= 400)
            leak ??= Canary.FindIn(body.StartsWith('{') ? WithoutNames(body) : body);
        if (leak is not null)
            Leaks.Add($"{request}: {status} {leak}");
    }

    private static string WithoutNames(string body)
    {
        var problem = JsonNode.Parse(body)!.AsObject();
        problem.Remove("instance");
        foreach (var error in problem["errors"]?.AsArray() ?? [])
        {
            error!.AsObject().Remove("pointer");
            error.AsObject().Remove("parameter");
        }

        return problem.ToJsonString();
    }

    [GeneratedRegex(@"Kestrel|Microsoft|ASP\.?NET|\.NET\b|EntityFramework|Npgsql|SQLite|Postgres|MediatR|FluentValidation|Exception|\bat [\w.]+\(|\.cs:line", RegexOptions.IgnoreCase)]
    private static partial Regex Library();
}
