using System.Collections.Concurrent;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Security;

/// <summary>Who may call what: every route with every kind of credential.</summary>
public abstract class AccessTests(UsersService service) : HttpTests(service), IAsyncLifetime
{
    private const string Anyone = "";
    private const string Read = "users:read";
    private const string Write = "users:write";
    private const string Admin = "users:admin";

    // Every route, what it asks for, a request to it, and the response to who may make it: none changes a user.
    private static readonly (string Route, string Scope, string Method, string Path, string? Body, int Status)[] Routes =
    [
        ("/v1/users", Write, "POST", "/v1/users", "{}", 422),
        ("/v1/users", Read, "GET", "/v1/users", null, 200),
        ("/v1/users", Read, "HEAD", "/v1/users", null, 200),
        ("/v1/users/{id:long}", Read, "GET", "/v1/users/0", null, 404),
        ("/v1/users/{id:long}", Read, "HEAD", "/v1/users/0", null, 404),
        ("/v1/users/{id:long}", Write, "PUT", "/v1/users/0", "{}", 422),
        ("/v1/users/{id:long}", Write, "PATCH", "/v1/users/0", "{}", 404),
        ("/v1/users/{id:long}", Write, "DELETE", "/v1/users/0", null, 404),
        ("/v1/users/by-external-id/{externalId}", Read, "GET", "/v1/users/by-external-id/none", null, 404),
        ("/v1/users/by-external-id/{externalId}", Read, "HEAD", "/v1/users/by-external-id/none", null, 404),
        ("/v1/users/by-external-id/{externalId}", Write, "PUT", "/v1/users/by-external-id/none", "{}", 422),
        ("/v1/users/lookup", Read, "POST", "/v1/users/lookup", "{}", 422),
        ("/v1/users/import", Write, "POST", "/v1/users/import?mode=x", "", 400),
        ("/v1/users/export", Read, "GET", "/v1/users/export?format=x", null, 400),
        ("/v1/changes", Read, "GET", "/v1/changes?limit=0", null, 400),
        ("/v1/changes", Read, "HEAD", "/v1/changes?limit=0", null, 400),
        ("/v1/users/{id:long}/changes", Read, "GET", "/v1/users/0/changes", null, 404),
        ("/v1/users/{id:long}/changes", Read, "HEAD", "/v1/users/0/changes", null, 404),
        ("/v1/users/{id:long}/restore", Write, "POST", "/v1/users/0/restore", null, 404),
        ("/v1/users/{id:long}/erase", Admin, "POST", "/v1/users/0/erase", null, 404),
        ("/user", Write, "POST", "/user", "{}", 422),
        ("/user", Read, "GET", "/user?user_id=0", null, 404),
        ("/user", Write, "DELETE", "/user?user_id=0", null, 404),
        ("/user/{user_id}", Write, "POST", "/user/0", "{}", 422),
        ("/users/", Read, "GET", "/users/", null, 200),
        ("/", Anyone, "GET", "/", null, 200),
        ("/", Anyone, "HEAD", "/", null, 200),
        ("/problems", Anyone, "GET", "/problems", null, 200),
        ("/problems", Anyone, "HEAD", "/problems", null, 200),
        ("/problems/{slug}", Anyone, "GET", "/problems/forbidden", null, 200),
        ("/problems/{slug}", Anyone, "HEAD", "/problems/forbidden", null, 200),
        ("docs/{**path}", Anyone, "GET", "/docs/index.html", null, 200),
        ("/docs/page.css", Anyone, "GET", "/docs/page.css", null, 200),
        ("/docs/page.css", Anyone, "HEAD", "/docs/page.css", null, 200),
        ("/docs/start.js", Anyone, "GET", "/docs/start.js", null, 200),
        ("/docs/start.js", Anyone, "HEAD", "/docs/start.js", null, 200),
        ("/openapi.json", Anyone, "GET", "/openapi.json", null, 200),
        ("/openapi.json", Anyone, "HEAD", "/openapi.json", null, 200),
        ("/health/live", Anyone, "GET", "/health/live", null, 200),
        ("/health/live", Anyone, "HEAD", "/health/live", null, 200),
        ("/health/ready", Anyone, "GET", "/health/ready", null, 200),
        ("/health/ready", Anyone, "HEAD", "/health/ready", null, 200),
    ];

    private static readonly ConcurrentDictionary<UsersService, Task<Dictionary<string, string?>>> Made = [];

    private Dictionary<string, string?> _credentials = [];

    public static TheoryData<string, string, string> AllRoutes() =>
        new(Routes.Select(route => (route.Method, route.Path, route.Scope)));

    public async ValueTask InitializeAsync() => _credentials = await Made.GetOrAdd(Service, _ => MakeCredentialsAsync());

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Every_route_is_here()
    {
        var mapped = Service.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                .Select(method => $"{method} {endpoint.RoutePattern.RawText}"));

        Assert.Equal(Routes.Select(route => $"{route.Method} {route.Route}").Order(), mapped.Order());
    }

    [Theory]
    [MemberData(nameof(AllRoutes))]
    public async Task Every_route_lets_in_who_may_call_it_and_nobody_else(string method, string path, string scope)
    {
        var status = Routes.Single(route => (route.Method, route.Path) == (method, path)).Status;
        foreach (var (kind, credential) in _credentials)
        {
            string[] granted = kind switch
            {
                "read key" => [Read],
                "write key" => [Write],
                "read and write key" => [Read, Write],
                "admin key" => [Read, Write, Admin],
                _ => [],
            };
            var expected = scope == Anyone || granted.Contains(scope) ? status : granted.Length == 0 ? 401 : 403;

            Assert.Equal((kind, expected), (kind, (await AskAsync(method, path, credential)).Status));
        }
    }

    [Theory]
    [InlineData("no credential", "Bearer realm=\"users\"")]
    [InlineData("another scheme", "Bearer realm=\"users\"")]
    [InlineData("revoked key", "Bearer realm=\"users\", error=\"invalid_token\", error_description=\"The key {id} was revoked.\"")]
    [InlineData("expired key", "Bearer realm=\"users\", error=\"invalid_token\", error_description=\"The key {id} has expired.\"")]
    [InlineData("key of another service", "Bearer realm=\"users\", error=\"invalid_token\", error_description=\"The key is not known.\"")]
    [InlineData("garbage", "Bearer realm=\"users\", error=\"invalid_token\", error_description=\"The key is malformed: it is mistyped or cut off.\"")]
    public async Task Tells_what_is_wrong_with_a_credential(string kind, string challenge)
    {
        var response = await AskAsync("GET", "/v1/users", _credentials[kind]);

        response.IsProblem(401, "unauthorized");
        Assert.Equal(
            challenge.Replace("{id}", _credentials[kind]?.Split("ucq_")[^1][..8], StringComparison.Ordinal), response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Tells_which_scope_a_credential_lacks()
    {
        var response = await AskAsync("GET", "/v1/users", _credentials["write key"]);

        response.IsProblem(403, "forbidden");
        Assert.Equal("Bearer realm=\"users\", error=\"insufficient_scope\", scope=\"users:read\"", response.Header("WWW-Authenticate"));
    }

    [Fact]
    public async Task Classic_tells_it_in_its_own_shape()
    {
        (await AskAsync("GET", "/user?user_id=0", null)).Is(401, """{"detail":"Not authenticated"}""");
        (await AskAsync("POST", "/user", _credentials["read key"])).Is(403, """{"detail":"Not enough permissions"}""");
    }

    [Theory]
    [InlineData("POST", "/v1/nothing", "text/plain", 404)]
    [InlineData("POST", "/v1/users/1", "text/plain", 405)]
    [InlineData("POST", "/v1/users", "text/plain", 415)]
    [InlineData("POST", "/v1/users", "application/json", 401)]
    [InlineData("POST", "/v1/users?unknown=1", "application/json", 401)]
    [InlineData("PUT", "/v1/users/0", "application/json", 401)]
    [InlineData("POST", "/user", "text/plain", 401)]
    public async Task A_credential_is_asked_for_after_route_method_and_media_type_and_before_all_else(
        string method, string path, string mediaType, int status) =>
        Assert.Equal(status, (await SendAsync(method, path, Body("nonsense", mediaType))).Status);

    [Theory]
    [InlineData("Expect", "100-continue")]
    [InlineData("Transfer-Encoding", "chunked")]
    public async Task A_credential_is_asked_for_after_the_size(string header, string value) =>
        Assert.Equal(413, (await SendAsync("POST", "/v1/users", Body(new string(' ', 64 * 1024 + 1)), (header, value))).Status);

    [Theory]
    [InlineData("bearer ", "")]
    [InlineData("BEARER  ", " ")]
    public async Task The_scheme_may_be_in_any_case(string before, string after)
    {
        var token = _credentials["read key"]!["Bearer ".Length..];

        Assert.Equal(200, (await AskAsync("GET", "/v1/users", before + token + after)).Status);
    }

    [Fact]
    public async Task A_key_is_rotated_without_a_gap_and_revoked_within_5_seconds()
    {
        var former = await Service.CreateKeyAsync(null, Read);
        var next = await Service.CreateKeyAsync(null, Read);
        await BecomesAsync(200, next);
        await BecomesAsync(200, former);

        await Service.RevokeKeyAsync(former);

        await BecomesAsync(401, former);
        Assert.Equal(200, (await AskAsync("GET", "/v1/users", Bearer(next.Token))).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_of_changes_ends_with_its_key(bool isRevoked)
    {
        var key = await Service.CreateKeyAsync(isRevoked ? null : TimeSpan.FromSeconds(5), Read);
        await BecomesAsync(200, key);
        await using var stream = await OpenStream.OpenAsync(Service.Address, "after=now", ("Authorization", Bearer(key.Token)));
        await stream.NextAsync();

        if (isRevoked)
            await Service.RevokeKeyAsync(key);
        var begun = TimeProvider.System.GetTimestamp();
        await stream.EndsAsync();

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 0, 10);
    }

    private async Task<Dictionary<string, string?>> MakeCredentialsAsync()
    {
        var revoked = await Service.CreateKeyAsync(null, Admin);
        await Service.RevokeKeyAsync(revoked);
        var read = await Service.CreateKeyAsync(TimeSpan.FromHours(1), Read);
        var credentials = new Dictionary<string, string?>
        {
            ["no credential"] = null,
            ["read key"] = Bearer(read.Token),
            ["write key"] = Bearer((await Service.CreateKeyAsync(null, Write)).Token),
            ["read and write key"] = Bearer((await Service.CreateKeyAsync(null, Read, Write)).Token),
            ["revoked key"] = Bearer(revoked.Token),
            ["expired key"] = Bearer((await Service.CreateKeyAsync(TimeSpan.FromSeconds(-1), Admin)).Token),
            ["admin key"] = Bearer((await Service.CreateKeyAsync(null, Admin)).Token), // the last, by which the others are known
            ["key of another service"] = Bearer("ucq_i8k9mT4GaNwwUYCrUmU1PKhIvFujcR4W2YRm"),
            ["id without its secret"] = Bearer($"ucq_{read.Id}"),
            ["garbage"] = "Bearer garbage",
            ["token of another kind"] = Bearer("eyJhbGciOiJub25lIn0.eyJzY29wZSI6InVzZXJzOmFkbWluIn0."),
            ["another scheme"] = $"Basic {read.Token}",
            ["key without a scheme"] = read.Token,
        };
        while ((await AskAsync("GET", "/v1/users", credentials["admin key"])).Status != 200
            || (await AskAsync("GET", "/v1/users", null)).Status != 401)
            await Task.Delay(50, Cancelled); // the service takes a moment to know that it has keys
        return credentials;
    }

    private async Task BecomesAsync(int status, ApiKeySeen key)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        while ((await AskAsync("GET", "/v1/users", Bearer(key.Token))).Status != status)
            await Task.Delay(50, patience.Token);
    }

    private async Task<Response> AskAsync(string method, string path, string? credential)
    {
        var body = Routes.Single(route => (route.Method, route.Path) == (method, path)).Body;
        var content = body is null ? null : Body(body, method == "PATCH" ? "application/merge-patch+json"
            : path.StartsWith("/v1/users/import", StringComparison.Ordinal) ? "application/x-ndjson"
            : "application/json");
        return credential is null
            ? await SendAsync(method, path, content)
            : await SendAsync(method, path, content, ("Authorization", credential));
    }

    private static string Bearer(string token) => $"Bearer {token}";
}
