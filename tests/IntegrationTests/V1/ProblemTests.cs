using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>What all refusals have in common, and those that no use case owns.</summary>
public abstract class ProblemTests(UsersService service) : HttpTests(service)
{
    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/users/abc")]
    [InlineData("/v1/users/1.5")]
    [InlineData("/v1/users/1/emails")]
    [InlineData("/v1/users/99999999999999999999")]
    [InlineData("/nothing")]
    [InlineData("/problems/nothing")]
    public async Task Says_that_there_is_no_such_route(string path)
    {
        var response = await GetAsync(path);

        response.IsProblem(404, "no-such-route");
        Assert.Equal(path, response.Member("instance"));
    }

    [Theory]
    [InlineData("PUT", "/v1/users", "GET, HEAD, POST")]
    [InlineData("DELETE", "/v1/users", "GET, HEAD, POST")]
    [InlineData("PATCH", "/v1/users", "GET, HEAD, POST")]
    [InlineData("POST", "/v1/users/1", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("OPTIONS", "/v1/users/1", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("BREW", "/v1/users/1", "DELETE, GET, HEAD, PATCH, PUT")]
    public async Task Says_which_methods_a_route_has(string method, string path, string allowed)
    {
        var response = await SendAsync(method, path);

        response.IsProblem(405, "method-not-allowed");
        Assert.Equal(allowed, string.Join(", ", response.Content.Allow.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml, text/*")]
    [InlineData("application/json;q=0")]
    [InlineData("*/*, application/json;q=0")]
    public async Task Says_what_it_has_to_who_accepts_no_JSON(string accept)
    {
        (await GetAsync("/v1/users", ("Accept", accept))).IsProblem(406, "not-acceptable");

        var email = NewEmail();
        (await SendAsync("POST", "/v1/users", Body(Fields("Ann", email)), ("Accept", accept))).IsProblem(406, "not-acceptable");
        Assert.Empty((await GetAsync($"/v1/users?email={email}")).Json.GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html, */*;q=0.1")]
    [InlineData("application/*")]
    [InlineData("application/json;q=0.5, text/html")]
    public async Task Answers_who_accepts_JSON_among_others(string accept) =>
        Assert.Equal(200, (await GetAsync("/v1/users", ("Accept", accept))).Status);

    [Fact]
    public async Task Names_the_caller_s_trace()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";

        var response = await GetAsync("/v1/users/0", ("traceparent", $"00-{trace}-b7ad6b7169203331-01"));

        Assert.Equal(trace, response.Member("traceId"));
    }

    [Fact]
    public async Task Never_repeats_what_was_sent()
    {
        var body = await PostAsync("/v1/users", """{"name":"canary\u0000","email":"canary canary"}""");
        var taken = await PostAsync("/v1/users", Fields("canary", (await NewUserAsync(email: $"canary{NewEmail()}")).Email));
        var query = await GetAsync("/v1/users?email=canary&sort=canary&cursor=canary&limit=canary");

        Assert.Equal((422, 409, 400), (body.Status, taken.Status, query.Status));
        Assert.DoesNotContain("canary", body.Text + taken.Text + query.Text);
    }

    [Fact]
    public async Task Has_a_page_for_every_type_of_problem()
    {
        var document = (await GetAsync("/openapi.json")).Text;
        var examples = document.Split('"').Where(text => text.StartsWith("/problems/", StringComparison.Ordinal));
        string[] types = [.. examples.Append("/problems/no-such-route").Append("/problems/method-not-allowed").Distinct()];
        Assert.True(types.Length >= 14);

        foreach (var type in types)
        {
            var page = await GetAsync(type);
            Assert.Equal((type, 200, "text/html"), (type, page.Status, page.MediaType));
            Assert.Contains("<h1>", page.Text);
        }
    }

    [Fact]
    public async Task Says_what_each_code_means() =>
        Assert.Contains("<dt><code>email.taken</code></dt><dd>Another user has this e-mail address.</dd>", (await GetAsync("/problems")).Text);

    [Fact]
    public async Task Lists_the_pages()
    {
        var page = await GetAsync("/problems");

        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.Contains("href=\"/problems/email-taken\"", page.Text);
    }
}
