using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class GetUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Shows_the_user_with_its_version()
    {
        var user = await NewUserAsync();

        var response = await GetAsync(user.Path);

        Assert.Equal((200, "application/json"), (response.Status, response.MediaType));
        Assert.Equal(user, UserSeen.In(response));
    }

    [Fact]
    public async Task Answers_HEAD_with_the_headers_alone()
    {
        var user = await NewUserAsync();
        var get = await GetAsync(user.Path);

        var head = await SendAsync("HEAD", user.Path);

        Assert.Equal((200, user.ETag, ""), (head.Status, head.ETag, head.Text));
        Assert.Equal(get.Content.ContentLength, head.Content.ContentLength);
        Assert.Equal(get.MediaType, head.MediaType);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"7\", \"1\"")]
    [InlineData("*")]
    public async Task Answers_304_to_who_has_the_version(string tags)
    {
        var user = await NewUserAsync();

        foreach (var method in new[] { "GET", "HEAD" })
        {
            var response = await SendAsync(method, user.Path, null, ("If-None-Match", tags));
            Assert.Equal((304, "\"1\"", ""), (response.Status, response.ETag, response.Text));
        }
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("\"01\", W/\"one\"")]
    public async Task Answers_200_to_who_has_another_version(string tags)
    {
        var user = await NewUserAsync();

        Assert.Equal(200, (await GetAsync(user.Path, ("If-None-Match", tags))).Status);
    }

    [Theory]
    [InlineData("\"1\"", null, 200)]
    [InlineData("*", null, 200)]
    [InlineData("\"2\"", null, 412)]
    [InlineData("W/\"1\"", null, 412)]
    [InlineData("\"1\"", "\"1\"", 304)]
    [InlineData("\"1\"", "\"2\"", 200)]
    [InlineData("\"2\"", "\"1\"", 412)] // If-Match goes first
    public async Task Evaluates_both_preconditions_in_their_order(string ifMatch, string? ifNoneMatch, int status)
    {
        var user = await NewUserAsync();

        (string, string)[] headers = [("If-Match", ifMatch), .. ifNoneMatch is null ? [] : new[] { ("If-None-Match", ifNoneMatch) }];
        var (get, head) = (await GetAsync(user.Path, headers), await SendAsync("HEAD", user.Path, null, headers));

        Assert.Equal((status, status), (get.Status, head.Status));
        if (status == 412)
            get.IsProblem(412, "precondition-failed");
    }

    [Theory]
    [InlineData("If-Match")]
    [InlineData("If-None-Match")]
    public async Task Refuses_a_precondition_that_it_cannot_read(string header)
    {
        var user = await NewUserAsync();

        (await GetAsync(user.Path, (header, "1"))).IsProblem(400, "malformed-request");
        (await GetAsync(user.Path, (header, "*, \"1\""))).IsProblem(400, "malformed-request");
        (await GetAsync("/v1/users/0", (header, "1"))).IsProblem(400, "malformed-request");
    }

    [Fact]
    public async Task Answers_200_again_once_the_user_has_changed()
    {
        var user = await NewUserAsync();
        await PatchAsync(user.Path, """{"name":"Ann Ortiz"}""");

        var response = await GetAsync(user.Path, ("If-None-Match", user.ETag!));

        Assert.Equal((200, "\"2\"", "Ann Ortiz"), (response.Status, response.ETag, response.Member("name")));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    public async Task Does_not_find_a_user_that_is_not_there(string id)
    {
        var response = await GetAsync($"/v1/users/{id}");

        response.IsProblem(404, "user-not-found");
        Assert.Equal("User not found", response.Member("detail"));
        Assert.Equal($"/v1/users/{id}", response.Member("instance"));
    }

    [Fact]
    public async Task Answers_HEAD_of_no_user_without_a_body() =>
        Assert.Equal((404, ""), await SendAsync("HEAD", "/v1/users/0") is var response ? (response.Status, response.Text) : default);

    [Fact]
    public async Task Takes_no_parameters()
    {
        var user = await NewUserAsync();

        (await GetAsync($"{user.Path}?fields=name")).IsProblem(400, "invalid-parameter", "?fields parameter.unknown");
    }
}
