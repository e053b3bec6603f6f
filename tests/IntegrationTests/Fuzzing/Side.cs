using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>
/// One of the services that are compared: puts its own ids and cursors into requests, and takes them out of its answers, so
/// that equal answers are equal texts.
/// </summary>
internal sealed partial class Side(string name, HttpClient client)
{
    private static readonly string[] Varying = ["Date", "Content-Length"];

    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly List<long> _ids = [];
    private string _cursor = "";
    private string _nextPage = "/v1/users";

    public string Name => name;

    /// <summary>Deletes all users, so that a sequence starts with none.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        (_cursor, _nextPage) = ("", "/v1/users");
        _ids.Clear();
        var users = await AnswerAsync(new("GET", "/users/"), cancellationToken);
        var deleted = await Task.WhenAll(users.Json.EnumerateArray()
            .Select(user => AnswerAsync(new("DELETE", $"/v1/users/{user.GetProperty("id")}"), cancellationToken)));
        Assert.All(deleted, answer => Assert.Equal(204, answer.Status));
    }

    /// <summary>The answer in normal form.</summary>
    public async Task<Seen> AskAsync(Request request, CancellationToken cancellationToken)
    {
        var answer = await AnswerAsync(request.With(Fill), cancellationToken);
        if (request.Method is "POST" or "PUT" && answer.Status is 200 or 201 && answer.Json.TryGetProperty("id", out var id)
            && !_ids.Contains(id.GetInt64()))
            _ids.Add(id.GetInt64());
        if (answer.Header("Link") is { } link)
            (_nextPage, _cursor) = (link[1..link.IndexOf('>')], Cursor().Match(link).Value);

        var headers = answer.Headers.Concat(answer.Content).Where(header => !Varying.Contains(header.Key))
            .ToDictionary(header => header.Key, header => Normal(header.Key, string.Join(", ", header.Value)));
        return new(answer.Status, headers, answer.Text == "" ? null : Normal(answer.Json, ""));
    }

    private async Task<Response> AnswerAsync(Request request, CancellationToken cancellationToken)
    {
        var uri = new Uri($"{client.BaseAddress!.GetLeftPart(UriPartial.Authority)}{request.Target}", AsItIs);
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), uri);
        message.Content = new ByteArrayContent(request.Body ?? []);
        foreach (var (header, value) in request.Headers)
        {
            HttpHeaders headers = header.StartsWith("Content-", StringComparison.Ordinal) ? message.Content.Headers : message.Headers;
            Assert.True(headers.TryAddWithoutValidation(header, value));
        }

        using var response = await client.SendAsync(message, cancellationToken);
        return await Response.ReadAsync(response, cancellationToken);
    }

    private string Fill(string text) => text == "{next page}" ? _nextPage
        : Placeholder().Replace(text, match =>
        {
            if (match.Groups[1].Value == "cursor")
                return _cursor;
            var id = $"{_ids.ElementAtOrDefault(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))}";
            return match.Groups[1].Value == "user" ? id : string.Concat(id.Select(digit => $"%3{digit}"));
        });

    private string Normal(string header, string value) => header switch
    {
        "Location" or "Content-Location" => WithoutIds(value),
        "Link" => IdParameter().Replace(Cursor().Replace(value, "{cursor}"), ids => WithoutIds(Uri.UnescapeDataString(ids.Value))),
        _ => value,
    };

    private string WithoutIds(string text) => Number().Replace(text, match =>
        long.TryParse(match.Value, out var id) && _ids.IndexOf(id) is >= 0 and var index ? $"{{user {index}}}" : match.Value);

    // The text of attributes is kept as it is, because the spelling of numbers and the order of members have to be the same.
    private JsonNode? Normal(JsonElement json, string member) => (json.ValueKind, member) switch
    {
        (_, "attributes") => json.GetRawText(),
        (JsonValueKind.Object, _) => new JsonObject(
            json.EnumerateObject().Select(part => KeyValuePair.Create(part.Name, Normal(part.Value, part.Name)))),
        (JsonValueKind.Array, _) => new JsonArray([.. json.EnumerateArray().Select(item => Normal(item, member))]),
        (_, "instance") when json.ToString().Contains("/by-external-id/", StringComparison.Ordinal) => json.ToString(),
        (_, "id" or "ids" or "instance") => WithoutIds(json.ToString()),
        (_, "next") => json.ToString() == _cursor ? "{cursor}" : json.ToString(),
        (_, "traceId") => "{trace}",
        _ => JsonNode.Parse(json.GetRawText()),
    };

    [GeneratedRegex(@"\{(%?user|cursor)(?: (\d+))?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<=[?&]cursor=)[^&>]+")]
    private static partial Regex Cursor();

    [GeneratedRegex(@"(?<=[?&]id=)[^&>]+")]
    private static partial Regex IdParameter();

    [GeneratedRegex(@"v1|0\.5|%[0-9A-Fa-f]{2}|-?[0-9]+")] // 0.5 is one of the odd ids
    private static partial Regex Number();
}

/// <summary>An answer in normal form.</summary>
internal sealed record Seen(int Status, IReadOnlyDictionary<string, string> Headers, JsonNode? Body)
{
    private static readonly JsonSerializerOptions InOwnLetters = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where the answer departs from what the model expects, or <c>null</c>.</summary>
    public string? Departs(Expected expected, bool isHead)
    {
        if (Status >= 500)
            return "it is the service's failure";
        if (Status != expected.Status)
            return "the status";
        if (Headers.GetValueOrDefault("ETag") != expected.ETag)
            return "the ETag";
        if (Headers.GetValueOrDefault("Location") != expected.Location)
            return "the Location";
        if (Headers.GetValueOrDefault("Content-Location") != expected.ContentLocation)
            return "the Content-Location";
        if (Headers.ContainsKey("Link") != expected.HasLink)
            return "the Link";
        if (isHead)
            return Body is null ? null : "a body";
        if (expected.Slug is { } slug && Body?["type"]?.ToString() != $"/problems/{slug}")
            return "the type of problem";
        return expected.Body is null || JsonNode.DeepEquals(expected.Body, Body) ? null : "the body";
    }

    public override string ToString()
    {
        var text = new StringBuilder($"{Status}");
        foreach (var (name, value) in Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
            text.Append(null, $" | {name}: {value}");
        return text.Append(null, $" | {Body?.ToJsonString(InOwnLetters)}").ToString();
    }
}
