using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>What browsers are told, so that no page can be made to do what it should not.</summary>
public abstract partial class BrowserTests(UsersService service) : HttpTests(service)
{
    [Theory]
    [InlineData("GET", "/v1/users", 200)]
    [InlineData("HEAD", "/v1/users", 200)]
    [InlineData("GET", "/v1/users/0", 404)]
    [InlineData("GET", "/v1/users?unknown=1", 400)]
    [InlineData("POST", "/v1/users", 415)]
    [InlineData("BREW", "/v1/users", 405)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/users/", 200)]
    [InlineData("POST", "/user", 422)]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/docs/index.html", 200)]
    [InlineData("GET", "/openapi.json", 200)]
    [InlineData("GET", "/problems", 200)]
    [InlineData("GET", "/health/ready", 200)]
    public async Task No_answer_may_be_taken_for_another_media_type(string method, string path, int status)
    {
        var response = await SendAsync(method, path);

        Assert.Equal((status, "nosniff"), (response.Status, response.Header("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Created_changed_and_deleted_users_may_not_either()
    {
        var created = await PostAsync("/v1/users", Fields("Ann", NewEmail()));
        var user = UserSeen.In(created);
        Response[] responses =
        [
            created,
            await GetAsync(user.Path, ("If-None-Match", user.ETag!)),
            await PutAsync(user.Path, Fields("Bob", user.Email), null),
            await PatchAsync(user.Path, "{}", "\"9\""),
            await DeleteAsync(user.Path),
        ];

        Assert.Equal([201, 304, 428, 412, 204], responses.Select(response => response.Status));
        Assert.All(responses, response => Assert.Equal("nosniff", response.Header("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("/docs", 301)]
    [InlineData("/docs/index.html", 200)]
    [InlineData("/docs/start.js", 200)]
    [InlineData("/docs/swagger-ui-bundle.js", 200)]
    [InlineData("/docs/swagger-ui.css", 200)]
    [InlineData("/docs/nothing", 404)]
    [InlineData("/problems", 200)]
    [InlineData("/problems/style.css", 200)]
    [InlineData("/problems/email-taken", 200)]
    [InlineData("/problems/nothing", 404)]
    public async Task Pages_run_and_show_only_what_this_service_serves_and_nobody_frames_them(string path, int status)
    {
        var page = await GetAsync(path);

        Assert.Equal(status, page.Status);
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            page.Header("Content-Security-Policy"));
        Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        Assert.Equal("same-origin", page.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", page.Header("Cross-Origin-Resource-Policy"));
        Assert.DoesNotContain(page.Headers, header => header.Key.Contains("version", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/problems")]
    [InlineData("/problems/email-taken")]
    public async Task Pages_hold_no_script_or_style_of_their_own_which_the_policy_would_stop(string path)
    {
        var page = await GetAsync(path);

        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.Contains("<link rel=\"stylesheet\"", page.Text);
        Assert.DoesNotMatch(InlineCode(), page.Text);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<script type=\"module\">alert(1)</script>")]
    [InlineData("<STYLE>p { }</STYLE>")]
    [InlineData("<p style=\"color: red\">")]
    [InlineData("<img src=\"x\" onerror='alert(1)'>")]
    [InlineData("<a href=\"javascript:alert(1)\">")]
    public void What_is_looked_for_is_found(string html) => Assert.Matches(InlineCode(), html);

    [Fact]
    public async Task The_page_keeps_no_secret_that_was_typed_into_it() =>
        Assert.DoesNotContain("persistAuthorization", (await GetAsync("/docs/start.js")).Text);

    [Fact]
    public async Task Pages_of_other_origins_may_not_call_the_service()
    {
        var origin = ("Origin", "https://app.example.org");
        Response[] responses =
        [
            await SendAsync("OPTIONS", "/v1/users/1", null, origin, ("Access-Control-Request-Method", "PUT")),
            await GetAsync("/v1/users", origin),
        ];

        Assert.Equal([405, 200], responses.Select(response => response.Status));
        Assert.All(responses, response =>
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.Ordinal)));
    }

    [GeneratedRegex("""<script(?![^>]*\ssrc=)|<style|<[^>]*\s(?:style|on[a-z]+)\s*=|javascript:""", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();
}
