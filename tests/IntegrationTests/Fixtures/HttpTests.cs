using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>What tests over HTTP have in common: short ways to ask, and users to ask about.</summary>
public abstract class HttpTests
{
    protected HttpTests(UsersService service)
    {
        service.SkipIfMissing();
        Service = service;
    }

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected UsersService Service { get; }

    protected static string NewEmail() => $"{Guid.NewGuid():N}@example.org";

    protected static string Fields(string name, string email) =>
        $$"""{"name":{{JsonSerializer.Serialize(name)}},"email":{{JsonSerializer.Serialize(email)}}}""";

    protected Task<Response> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("GET", path, null, headers);

    protected Task<Response> PostAsync(string path, string json) => SendAsync("POST", path, Body(json));

    protected Task<Response> PutAsync(string path, string json, string? ifMatch) =>
        SendAsync("PUT", path, Body(json), IfMatch(ifMatch));

    protected Task<Response> PatchAsync(string path, string json, string? ifMatch = null) =>
        SendAsync("PATCH", path, Body(json, "application/merge-patch+json"), IfMatch(ifMatch));

    protected Task<Response> DeleteAsync(string path, string? ifMatch = null) =>
        SendAsync("DELETE", path, null, IfMatch(ifMatch));

    protected async Task<Response> SendAsync(
        string method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using var response = await Service.Client.SendAsync(request, Cancelled);
        return await Response.ReadAsync(response, Cancelled);
    }

    protected static ByteArrayContent Body(string text, string? mediaType = "application/json") =>
        Body(Encoding.UTF8.GetBytes(text), mediaType);

    protected static ByteArrayContent Body(byte[] octets, string? mediaType = "application/json") => new(octets)
    {
        Headers = { ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType) },
    };

    protected async Task<UserSeen> NewUserAsync(string name = "Ann Lee", string? email = null)
    {
        var answer = await PostAsync("/v1/users", Fields(name, email ?? NewEmail()));
        Assert.True(answer.Status == 201, answer.Text);
        return UserSeen.In(answer);
    }

    private static (string, string)[] IfMatch(string? tags) => tags is null ? [] : [("If-Match", tags)];
}

/// <summary>A user as v1 showed it.</summary>
public sealed record UserSeen(long Id, string Name, string Email, string CreatedAt, string UpdatedAt, string? ETag)
{
    public string Path => $"/v1/users/{Id}";

    public static UserSeen In(Response answer) => In(answer.Json) with { ETag = answer.ETag };

    public static UserSeen In(JsonElement user) => new(
        user.GetProperty("id").GetInt64(), user.GetProperty("name").GetString()!, user.GetProperty("email").GetString()!,
        user.GetProperty("createdAt").GetString()!, user.GetProperty("updatedAt").GetString()!, null);
}
