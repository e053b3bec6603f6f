using Microsoft.AspNetCore.Hosting;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>What the pages of the origins that <c>Cors:Origins</c> names may do, and others may not.</summary>
[OnOneDatabase("it looks at headers that no database decides")]
public sealed class CrossOriginTests(CrossOriginTests.ServiceWithOrigins service)
    : HttpTests(service), IClassFixture<CrossOriginTests.ServiceWithOrigins>
{
    private const string App = "https://app.example.org";

    [Theory]
    [InlineData(App, "/v1/users/1", "PUT")]
    [InlineData(App, "/v1/users/1", "PATCH")]
    [InlineData(App, "/user?user_id=1", "DELETE")]
    [InlineData("http://localhost:3000", "/v1/users", "POST")]
    [InlineData("https://xn--bcher-kva.example", "/v1/users", "POST")]
    public async Task A_browser_that_asks_for_a_named_origin_is_told_what_it_may_send(string origin, string path, string method)
    {
        var response = await AskAsync(origin, path, method);

        Assert.Equal(204, response.Status);
        Assert.Equal(origin, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("GET,HEAD,POST,PUT,PATCH,DELETE", response.Header("Access-Control-Allow-Methods"));
        Assert.Equal("Authorization,Content-Type,If-Match,If-None-Match,Last-Event-ID,Idempotency-Key", response.Header("Access-Control-Allow-Headers"));
        Assert.Null(response.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", response.Header("Vary"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("https://evil.example.org")]
    [InlineData("https://app.example.org.evil.example")]
    [InlineData("http://app.example.org")]
    [InlineData("https://app.example.org:8443")]
    [InlineData("http://localhost")]
    [InlineData("null")]
    public async Task A_browser_that_asks_for_another_origin_is_told_nothing(string origin)
    {
        Response[] responses = [await AskAsync(origin, "/v1/users/1", "PUT"), await GetAsync("/v1/users", ("Origin", origin))];

        Assert.Equal([204, 200], responses.Select(response => response.Status));
        Assert.All(responses, response =>
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("GET", "/v1/users", 200)]
    [InlineData("GET", "/v1/users/0", 404)]
    [InlineData("BREW", "/v1/users", 405)]
    [InlineData("POST", "/v1/users", 500)]
    public async Task Pages_of_a_named_origin_see_every_answer_with_its_headers(string method, string path, int status)
    {
        var body = method == "POST" ? Body(Fields("Ann", NewEmail())) : null;

        var response = await SendAsync(method, path, body, ("Origin", App));

        Assert.Equal((status, App), (response.Status, response.Header("Access-Control-Allow-Origin")));
        Assert.Equal(
            "ETag,Location,Link,Retry-After,WWW-Authenticate,Accept-Patch,Idempotency-Replayed", response.Header("Access-Control-Expose-Headers"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Who_is_no_browser_sees_no_difference() =>
        Assert.DoesNotContain(
            (await GetAsync("/v1/users")).Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));

    private Task<Response> AskAsync(string origin, string path, string method) => SendAsync(
        "OPTIONS", path, null,
        ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "authorization,if-match"));

    public sealed class ServiceWithOrigins : InternalErrorTests.BrokenService
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Cors:Origins:0", App);
            builder.UseSetting("Cors:Origins:1", "http://localhost:3000");
            builder.UseSetting("Cors:Origins:2", "https://Bücher.example");
        }
    }
}
