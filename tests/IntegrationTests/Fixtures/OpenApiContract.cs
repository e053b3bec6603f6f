using System.Text.Json;
using System.Text.RegularExpressions;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>
/// Holds every answer against the live <c>/openapi.json</c>: the operation is there, and so are the status, the media type,
/// the headers and the shape of the body. What the document does not cover (pages, health, no route, no method, what browsers
/// ask of their own accord) passes.
/// </summary>
internal sealed partial class OpenApiContract(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly string[] NoOperations = ["/docs", "/health", "/problems", "/openapi.json"];

    private static readonly Dictionary<string, Regex> Headers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ETag"] = StrongVersion(),
        ["Location"] = UserAddress(),
        ["Content-Location"] = UserAddress(),
        ["Link"] = NextPage(),
        ["Retry-After"] = Seconds(),
        ["Accept-Patch"] = MergePatch(),
        ["WWW-Authenticate"] = BearerChallenge(),
    };

    private JsonElement _document;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_document.ValueKind == JsonValueKind.Undefined)
            _document = await ReadDocumentAsync(request.RequestUri!, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);

        var path = request.RequestUri!.AbsolutePath;
        if (path == "/" || request.Headers.Contains("Access-Control-Request-Method") || NoOperations.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)))
            return response;
        var what = $"{request.Method} {path}: {(int)response.StatusCode} {body}";
        if (FindPath(path) is not { } item)
            Assert.True((int)response.StatusCode == 404, $"The document has no such path. {what}");
        else if (!item.TryGetProperty(request.Method.Method.ToLowerInvariant(), out var operation))
            Assert.True((int)response.StatusCode == 405, $"The document has no such method. {what}");
        else
            Check(operation, response, body, what);
        return response;
    }

    private void Check(JsonElement operation, HttpResponseMessage response, string body, string what)
    {
        if (!operation.GetProperty("responses").TryGetProperty($"{(int)response.StatusCode}", out var told))
            Assert.Fail($"The document has no such status. {what}");
        told = JsonShape.Resolve(_document, told);

        var documented = told.TryGetProperty("headers", out var headers)
            ? headers.EnumerateObject().Select(header => header.Name).ToList()
            : [];
        foreach (var (name, form) in Headers)
        {
            var value = response.Headers.Concat(response.Content.Headers)
                .Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(header => string.Join(", ", header.Value)).FirstOrDefault();
            var isTold = documented.Contains(name, StringComparer.OrdinalIgnoreCase);
            Assert.True(isTold || value is null, $"The document has no header {name}. {what}");
            Assert.True(!isTold || (value is null ? name == "Link" : form.IsMatch(value)), $"{name} is {value}. {what}");
        }

        if (!told.TryGetProperty("content", out var content))
        {
            Assert.True(body.Length == 0, $"The document has no body. {what}");
            return;
        }

        var mediaType = response.Content.Headers.ContentType?.MediaType ?? "";
        if (!content.TryGetProperty(mediaType, out var media))
            Assert.Fail($"The document has no media type {mediaType}. {what}");
        if (!mediaType.EndsWith("json", StringComparison.Ordinal) || mediaType == "application/x-ndjson")
            return; // text of many lines
        using var json = JsonDocument.Parse(body);
        Assert.True(
            JsonShape.FirstMismatch(_document, media.GetProperty("schema"), json.RootElement) is not { } mismatch,
            $"The body is not as documented. {what}");
    }

    private JsonElement? FindPath(string path)
    {
        var segments = path.Trim('/').Split('/');
        foreach (var item in _document.GetProperty("paths").EnumerateObject())
        {
            var template = item.Name.Trim('/').Split('/');
            if (template.Length == segments.Length && template.Zip(segments).All(pair => Matches(pair.First, pair.Second)))
                return item.Value;
        }

        return null;
    }

    // In v1, what is no id is no route.
    private static bool Matches(string template, string segment) => template switch
    {
        "{id}" => long.TryParse(Uri.UnescapeDataString(segment), out _),
        ['{', ..] => true,
        _ => template == segment,
    };

    private async Task<JsonElement> ReadDocumentAsync(Uri service, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service, "/openapi.json"));
        using var response = await base.SendAsync(request, cancellationToken);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
    }

    [GeneratedRegex("^\"[1-9][0-9]*\"$")]
    private static partial Regex StrongVersion();

    [GeneratedRegex("^/v1/users/[1-9][0-9]*$")]
    private static partial Regex UserAddress();

    [GeneratedRegex("^</v1/users(/[0-9]+/changes)?\\?[^>]*cursor=[^>]+>; rel=\"next\"$")]
    private static partial Regex NextPage();

    [GeneratedRegex("^[1-9][0-9]*$")]
    private static partial Regex Seconds();

    [GeneratedRegex("^Bearer realm=\"users\"(, error=\"(invalid_token|insufficient_scope)\", [a-z_]+=\"[^\"]+\")?$")]
    private static partial Regex BearerChallenge();

    [GeneratedRegex("^application/merge-patch\\+json$")]
    private static partial Regex MergePatch();
}
