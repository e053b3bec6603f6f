using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What a request means to the model, as far as that does not depend on which users there are.</summary>
internal static partial class RequestReader
{
    private const int MaxBody = 64 * 1024;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private static readonly string[] ClosestFirst = ["application/json", "application/*", "*/*"];

    /// <summary>Reads <c>user_id</c> as FastAPI does; 0 is nobody's.</summary>
    public static long? ReadClassicId(string? text) =>
        text is null || !Digits().IsMatch(text.Trim()) ? null : long.TryParse(text.Trim(), out var id) ? id : 0;

    /// <summary>Reads a body of v1, or says why it is refused: with this type of problem if it is JSON that breaks a rule.</summary>
    public static (T? Read, Expected? Refusal) ReadBody<T>(Request request, string mediaType, string slug, Func<JsonElement, T?> read)
        where T : class
    {
        if (!IsMediaType(request.Header("Content-Type"), mediaType) || request.Header("Content-Encoding") is not (null or "identity"))
            return (null, Expected.Problem(415, "unsupported-media-type"));
        if (request.Body?.Length > MaxBody)
            return (null, Expected.Problem(413, "payload-too-large"));
        if (request.Method != "POST" && RefuseMalformed(request) is { } malformed)
            return (null, malformed);
        if (RefuseParameters(request) is { } refusal)
            return (null, refusal);
        using var json = ParseOrNull(request.Body);
        if (json is null)
            return (null, Expected.Problem(400, "malformed-request"));
        return read(json.RootElement) is { } good ? (good, null) : (null, Expected.Problem(422, slug));
    }

    public static (UserFields? Fields, Expected? Refusal) ReadClassicBody(Request request)
    {
        if (request.Body?.Length > MaxBody)
            return (null, Expected.Classic(413, "Payload Too Large"));
        var isReadable = IsMediaType(request.Header("Content-Type"), "application/json")
            && request.Header("Content-Encoding") is null or "identity";
        using var json = isReadable ? ParseOrNull(request.Body) : null;
        return json is not null && UserFields.Read(json.RootElement, isClassic: true) is { } fields
            ? (fields, null)
            : (null, new(422));
    }

    private static JsonDocument? ParseOrNull(byte[]? body)
    {
        try
        {
            return JsonDocument.Parse(Utf8.GetString(body ?? []), new JsonDocumentOptions { MaxDepth = MaxBody });
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A text of JSON, or <c>null</c> if half of a surrogate pair is escaped in it.</summary>
    public static string? TextOrNull(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsMediaType(string? text, string mediaType) => MediaTypeHeaderValue.TryParse(text, out var type)
        && string.Equals(type.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    public static bool AcceptsJson(Request request)
    {
        var ranges = (request.Header("Accept") ?? "*/*").Split(',')
            .Select(text => MediaTypeWithQualityHeaderValue.TryParse(text.Trim(), out var range) ? range : null).ToList();
        if (ranges.Contains(null))
            return true; // what nobody can read is as good as absent
        var closest = ClosestFirst
            .Select(covering => ranges.Find(range => range!.MediaType == covering)).FirstOrDefault(range => range is not null);
        return closest is not null && closest.Quality is not 0;
    }

    public static Expected? RefuseParameters(Request request) =>
        Parameters(request).Count == 0 ? null : Expected.Problem(400, "invalid-parameter");

    /// <summary>Refuses preconditions that cannot be read, and a path whose last segment cannot be.</summary>
    public static Expected? RefuseMalformed(Request request) =>
        new[] { request.Header("If-Match"), request.Header("If-None-Match") }.All(tags => tags is null || EntityTags().IsMatch(tags))
        && LastSegment(request) is not null
            ? null
            : Expected.Problem(400, "malformed-request");

    /// <summary>Whether If-Match asks for another version.</summary>
    public static bool IsStale(Request request, string etag) =>
        request.Header("If-Match") is { } tags && !Names(tags, etag, isWeak: false);

    /// <summary>Whether If-None-Match names the version.</summary>
    public static bool IsKnown(Request request, string etag) => Names(request.Header("If-None-Match"), etag, isWeak: true);

    // Compared weakly, W/"1" names "1" too.
    private static bool Names(string? tags, string etag, bool isWeak) => tags is not null && EntityTags().IsMatch(tags)
        && (tags == "*" || tags.Split(',').Select(tag => tag.Trim()).Any(tag => tag == etag || (isWeak && tag == $"W/{etag}")));

    public static List<(string Name, string Value)> Parameters(Request request) =>
        [.. request.Query.Where(part => part != "").Select(part => part.Split('=', 2))
            .Select(pair => (Decode(pair[0]), Decode(pair.ElementAtOrDefault(1) ?? "")))];

    /// <summary>Whether the query string is percent-encoded UTF-8: what is not stays encoded.</summary>
    public static bool IsUtf8(Request request) => request.Query.All(part =>
        Uri.UnescapeDataString(part).Count(character => character == '%') == part.Split("%25").Length - 1);

    /// <summary>The last segment of the path, or <c>null</c> if it is no percent-encoded UTF-8.</summary>
    public static string? LastSegment(Request request)
    {
        var segment = request.Path.TrimEnd('/').Split('/')[^1];
        try
        {
            return Encoded().IsMatch(segment)
                ? Utf8.GetString(Encoding.Latin1.GetBytes(
                    Octet().Replace(segment, octet => $"{(char)Convert.ToByte(octet.Value[1..], 16)}")))
                : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    [GeneratedRegex("""^(\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*)$""")]
    private static partial Regex EntityTags();

    [GeneratedRegex("^([^%]|%[0-9A-Fa-f]{2})*$")]
    private static partial Regex Encoded();

    [GeneratedRegex("%..")]
    private static partial Regex Octet();

    [GeneratedRegex("^[+-]?[0-9]+$")]
    private static partial Regex Digits();
}
