using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What a request means to the model, as far as that does not depend on which users there are.</summary>
internal static partial class RequestReader
{
    private const int MaxBody = 64 * 1024;

    private static readonly string[] ClosestFirst = ["application/json", "application/*", "*/*"];

    /// <summary>Reads <c>user_id</c> as FastAPI does; 0 is nobody's.</summary>
    public static long? ReadClassicId(string? text) =>
        text is null || !Digits().IsMatch(text.Trim()) ? null : long.TryParse(text.Trim(), out var id) ? id : 0;

    public static (string? Name, string? Email, Expected? Refusal) ReadFields(Request request, string mediaType, bool areRequired)
    {
        if (!IsMediaType(request.Header("Content-Type"), mediaType) || request.Header("Content-Encoding") is not (null or "identity"))
            return (null, null, Expected.Problem(415, "unsupported-media-type"));
        if (request.Body?.Length > MaxBody)
            return (null, null, Expected.Problem(413, "payload-too-large"));
        if (RefusePreconditions(request) is { } malformed && request.Method != "POST")
            return (null, null, malformed);
        if (RefuseParameters(request) is { } refusal)
            return (null, null, refusal);
        using var json = ParseOrNull(request.Body);
        if (json is null)
            return (null, null, Expected.Problem(400, "malformed-request"));

        var (name, email, areGood) = ReadMembers(json.RootElement, isStrict: true, areRequired);
        return areGood ? (name, email, null) : (null, null, Expected.Problem(422, "invalid-user"));
    }

    public static (string? Name, string? Email, Expected? Refusal) ReadClassicFields(Request request)
    {
        if (request.Body?.Length > MaxBody)
            return (null, null, Expected.Classic(413, "Payload Too Large"));
        var isReadable = IsMediaType(request.Header("Content-Type"), "application/json")
            && request.Header("Content-Encoding") is null or "identity";
        using var json = isReadable ? ParseOrNull(request.Body) : null;
        if (json is null)
            return (null, null, new(422));
        var (name, email, areGood) = ReadMembers(json.RootElement, isStrict: false, areRequired: true);
        return areGood ? (name, email, null) : (null, null, new(422));
    }

    private static (string? Name, string? Email, bool AreGood) ReadMembers(JsonElement json, bool isStrict, bool areRequired)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return (null, null, false);
        var members = json.EnumerateObject().Select(member => (Name: TextOrNull(() => member.Name), member.Value)).ToList();
        var isOdd = members.Any(member => member.Name is not ("name" or "email"))
            || members.DistinctBy(member => member.Name).Count() < members.Count;
        if (isStrict && isOdd)
            return (null, null, false);

        var areGood = true;
        var name = Read("name", text => UserName.TryParse(text, out var name, out _) ? name.Value : null);
        var email = Read("email", text => EmailAddress.TryParse(text, out var email, out _) ? email.Value : null);
        return (name, email, areGood);

        string? Read(string member, Func<string, string?> parse)
        {
            var value = members.LastOrDefault(candidate => candidate.Name == member).Value;
            if (value.ValueKind == JsonValueKind.Undefined)
            {
                areGood &= !areRequired;
                return null;
            }

            var text = value.ValueKind == JsonValueKind.String ? TextOrNull(() => value.GetString()!) : null;
            var read = text is null ? null : parse(text);
            areGood &= read is not null;
            return read;
        }
    }

    private static JsonDocument? ParseOrNull(byte[]? body)
    {
        try
        {
            return JsonDocument.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body ?? []));
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? TextOrNull(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException) // half of a surrogate pair
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

    public static Expected? RefusePreconditions(Request request) =>
        new[] { request.Header("If-Match"), request.Header("If-None-Match") }.All(tags => tags is null || EntityTags().IsMatch(tags))
            ? null
            : Expected.Problem(400, "malformed-request");

    /// <summary>Whether a list of entity tags names this one; compared weakly, <c>W/"1"</c> names <c>"1"</c> too.</summary>
    public static bool Names(string? tags, string etag, bool isWeak) => tags is not null && EntityTags().IsMatch(tags)
        && (tags == "*" || tags.Split(',').Select(tag => tag.Trim()).Any(tag => tag == etag || (isWeak && tag == $"W/{etag}")));

    public static List<(string Name, string Value)> Parameters(Request request) =>
        [.. request.Query.Where(part => part != "").Select(part => part.Split('=', 2))
            .Select(pair => (Decode(pair[0]), Decode(pair.ElementAtOrDefault(1) ?? "")))];

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    [GeneratedRegex("""^(\*|(W/)?"[^"]*"(\s*,\s*(W/)?"[^"]*")*)$""")]
    private static partial Regex EntityTags();

    [GeneratedRegex("^[+-]?[0-9]+$")]
    private static partial Regex Digits();
}
