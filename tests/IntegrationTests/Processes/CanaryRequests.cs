using System.Globalization;
using System.Text.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>A request with canaries in it.</summary>
internal sealed record CanaryRequest(string Method, string Path, string? Body = null, params (string Name, string Value)[] Headers)
{
    public string MediaType { get; init; } = Method == "PATCH" ? "application/merge-patch+json" : "application/json";

    public bool NamesUser => Path.Contains("{}", StringComparison.Ordinal);

    /// <summary>The same about this user.</summary>
    public CanaryRequest About(long id) => this with { Path = Path.Replace("{}", id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) };
}

/// <summary>Every place of a request where a name or an address could stand, by right or by mistake.</summary>
internal static class CanaryRequests
{
    private const string Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly string[] AnyHeader =
    [
        "If-Match", "If-None-Match", "User-Agent", "Referer", "Cookie", "From", "Origin", "traceparent", "baggage", "X-Request-Id",
        "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override", "Accept-Language", "Range", "Content-Encoding",
    ];

    /// <summary>For every operation of the document; <c>{}</c> stands for the id of a user.</summary>
    public static IEnumerable<CanaryRequest> Of(JsonElement document)
    {
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                foreach (var request in Of(operation.Name.ToUpperInvariant(), path.Name, operation.Value))
                    yield return request;
            }
        }
    }

    /// <summary>What no HTTP client would send.</summary>
    public static IEnumerable<string> Raw() =>
    [
        $"GET /{Canary.New()} {Canary.New()} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        $"{Canary.New()}\r\n\r\n",
        $"{Canary.New().ToUpperInvariant()} /v1/users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        $"GET http://{Canary.New()}.localhost/v1/users?{Canary.New()} HTTP/1.1\r\nHost: {Canary.New()}.localhost\r\nConnection: close\r\n\r\n",
        $"GET /v1/users HTTP/1.1\r\nHost: {Canary.New()}.localhost\r\nConnection: close\r\n\r\n",
        $"GET /v1/users HTTP/1.1\r\nHost: {Canary.New()} {Canary.New()}\r\nConnection: close\r\n\r\n",
        $"GET /v1/users HTTP/1.1\r\nHost: localhost\r\n{Canary.New()} {Canary.New()}\r\n\r\n",
        $"GET /v1/users HTTP/1.1\r\nHost: localhost\r\n{Canary.New()}: {new string('x', 40_000)}{Canary.New()}\r\n\r\n",
        $"GET /{new string('x', 10_000)}{Canary.New()} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        $"GET /%00{Canary.New()} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        $"GET /v1/users HTTP/{Canary.New()}\r\nHost: localhost\r\n\r\n",
        $"POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Canary.New()}\r\n\r\n",
        $"POST /v1/users HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: {Canary.New()}\r\n\r\n",
        $"POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{Canary.New()}\r\n",
        $"POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; {Canary.New()}=\"{Canary.New()}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ];

    private static IEnumerable<CanaryRequest> Of(string method, string template, JsonElement operation)
    {
        var path = template.Replace("{id}", "{}", StringComparison.Ordinal).Replace("{user_id}", "{}", StringComparison.Ordinal)
            .Replace("{externalId}", Canary.New(), StringComparison.Ordinal);
        var parameters = operation.TryGetProperty("parameters", out var told) ? told.EnumerateArray().ToList() : [];
        var required = parameters.Any(parameter => parameter.GetProperty("name").GetString() == "user_id" && parameter.GetProperty("in").GetString() == "query");
        var target = required ? $"{path}?user_id={{}}" : path;
        var takesBody = operation.TryGetProperty("requestBody", out _);
        CanaryRequest Valid(string where, params (string, string)[] headers) =>
            new(method, where, takesBody ? Canary.NewUser() : null, method == "PUT" ? [("If-Match", "*"), .. headers] : headers);

        foreach (var parameter in parameters)
        {
            var name = parameter.GetProperty("name").GetString()!;
            yield return parameter.GetProperty("in").GetString() switch
            {
                "query" => Valid($"{path}?{name}={Canary.New()}&{name}={Canary.NewEmail()}"),
                "path" => Valid(template.Replace($"{{{name}}}", Canary.New(), StringComparison.Ordinal)),
                _ => Valid(target, (name, Canary.New())),
            };
            if (parameter.GetProperty("in").GetString() == "query")
                yield return Valid($"{path}?{name}={Canary.NewEmail()}");
        }

        foreach (var header in AnyHeader)
            yield return Valid(target, (header, $"\"{Canary.New()}\""), (Canary.New(), Canary.NewEmail()));
        yield return Valid(target, ("Authorization", $"Bearer ucq_{Canary.New()}"));
        yield return Valid(target, ("Authorization", $"Basic {Canary.New()}"));
        yield return Valid(target, ("Accept", $"text/{Canary.New()}"));
        yield return Valid(target, ("traceparent", $"00-{Canary.New()}-{Canary.New()}-01"), ("tracestate", Canary.New()));
        yield return Valid(target, ("traceparent", Traceparent), ("tracestate", $"{Canary.New()}={Canary.New()}"), ("baggage", $"name={Canary.New()}"));
        yield return Valid($"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Canary.New()}={Canary.NewEmail()}");
        yield return Valid($"{path}/{Canary.NewEmail()}");
        yield return Valid(target) with { Method = Canary.New().ToUpperInvariant() };
        yield return Valid(target) with { Method = "OPTIONS" };
        yield return Valid(target);
        yield return Valid(target);
        if (!takesBody)
            yield break;

        foreach (var body in Bodies())
            yield return Valid(target) with { Body = body };
        yield return Valid(target) with { MediaType = $"text/{Canary.New()}" };
        yield return Valid(target) with { MediaType = $"application/json; charset={Canary.New()}" };
    }

    private static IEnumerable<string> Bodies() =>
    [
        $"{Canary.New()}",
        $"\"{Canary.New()}\"",
        $"[\"{Canary.NewEmail()}\"]",
        $$"""{"name":"{{Canary.New()}}","email":"{{Canary.NewEmail()}}" """,
        $$"""{"name":"{{Canary.New()}}","email":"{{Canary.NewEmail()}}"} {{Canary.New()}}""",
        $$"""{"name":"{{Canary.New()}}","email":"{{Canary.New()}}"}""",
        $$"""{"name":"{{Canary.New()}}","email":"{{Canary.New()}} {{Canary.NewEmail()}}"}""",
        $$"""{"name":"{{Canary.New()}}\u0007","email":"{{Canary.NewEmail()}}"}""",
        $$"""{"name":"{{Canary.New()}}\ud800","email":"{{Canary.NewEmail()}}"}""",
        $$"""{"name":"{{Canary.New()}}{{new string('x', 300)}}","email":"{{new string('x', 300)}}{{Canary.NewEmail()}}"}""",
        $$"""{"name":["{{Canary.New()}}"],"email":{ "{{Canary.New()}}":"{{Canary.NewEmail()}}"} }""",
        $$"""{"name":null,"email":"{{Canary.NewEmail()}}"}""",
        $$"""{"name":"{{Canary.New()}}","name":"{{Canary.New()}}","email":"{{Canary.NewEmail()}}","email":"{{Canary.NewEmail()}}"}""",
        $$"""{"name":"{{Canary.New()}}","email":"{{Canary.NewEmail()}}","{{Canary.New()}}":"{{Canary.New()}}","{{Canary.NewEmail()}}":1}""",
        $$"""{"externalId":"{{Canary.New()}}\u0007","attributes":"{{Canary.New()}}"}""",
        $$$"""{"externalId":["{{{Canary.New()}}}"],"active":"{{{Canary.New()}}}","attributes":{"a":"{{{Canary.New()}}}\u0000","b":["{{{Canary.New()}}}",null]}}""",
        $$$"""{"attributes":{"a":"{{{Canary.New()}}}\ud800","{{{Canary.New()}}}":"{{{Canary.New()}}}","{{{Canary.New()}}}":[[[[["{{{Canary.New()}}}"]]]]]}}""",
        $$$"""{"attributes":{"a":"{{{Canary.New()}}}","a":"{{{Canary.New()}}}","{{{new string('x', 70)}}}":"{{{Canary.New()}}}"}}""",
        $$"""{"ids":["{{Canary.New()}}"],"emails":["{{Canary.New()}}","{{Canary.NewEmail()}}"],"externalIds":["{{Canary.New()}}\u0007"]}""",
        $$"""{"emails":["{{Canary.NewEmail()}}"],"externalIds":["{{Canary.New()}}"]}""",
        $$"""{"name":"{{Canary.New()}}","email":"{{Canary.NewEmail()}}","x":"{{new string('x', 70_000)}}"}""",
    ];
}
