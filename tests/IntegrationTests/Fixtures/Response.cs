using System.Net.Http.Headers;
using System.Text.Json;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>An answer, read to its end.</summary>
public sealed record Response(int Status, string? MediaType, HttpResponseHeaders Headers, HttpContentHeaders Content, string Text)
{
    public JsonElement Json => JsonElement.Parse(Text);

    public string? ETag => Header("ETag");

    public static async Task<Response> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers, response.Content.Headers,
        await response.Content.ReadAsStringAsync(cancellationToken));

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || Content.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public string? Member(string name) => Json.GetProperty(name).ToString();

    /// <summary>The status, and the whole body as JSON, whatever its white space.</summary>
    public void Is(int status, string json)
    {
        Assert.True(Status == status, $"{Status} {Text}");
        Assert.Equal("application/json", MediaType);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), Json), Text);
    }

    public void Is(int status) => Assert.True(Status == status, $"{Status} {Text}");

    /// <summary>A problem of this type, with exactly these errors, each as "pointer code" or "?parameter code".</summary>
    public void IsProblem(int status, string slug, params string[] errors)
    {
        Assert.True(Status == status, $"{Status} {Text}");
        Assert.Equal("application/problem+json", MediaType);
        Assert.Equal($"/problems/{slug}", Member("type"));
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.NotEqual("", Member("title"));
        Assert.NotEqual("", Member("detail"));
        Assert.Matches("^[0-9a-f]{32}$", Member("traceId"));
        Assert.Equal(errors.Order(), Errors().Order());
    }

    private IEnumerable<string> Errors() => Json.TryGetProperty("errors", out var errors)
        ? errors.EnumerateArray().Select(error => error.TryGetProperty("pointer", out var pointer)
            ? $"{pointer} {error.GetProperty("code")}"
            : $"?{error.GetProperty("parameter")} {error.GetProperty("code")}")
        : [];
}
