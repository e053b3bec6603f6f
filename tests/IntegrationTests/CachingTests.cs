using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests;

/// <summary>What caches may keep: nothing but single users, which have an ETag, and what is the same for everyone.</summary>
[OnOneDatabase("it looks at headers that no database decides")]
public sealed class CachingTests(InternalErrorTests.BrokenService broken, SqliteUsersService service)
    : HttpTests(service), IClassFixture<SqliteUsersService>, IClassFixture<InternalErrorTests.BrokenService>
{
    [Fact]
    public async Task A_user_may_be_kept_by_its_reader_who_asks_each_time_whether_it_has_changed()
    {
        var user = await NewUserAsync();
        Response[] answers =
        [
            await GetAsync(user.Path),
            await SendAsync("HEAD", user.Path),
            await GetAsync(user.Path, ("If-None-Match", user.ETag!)),
        ];

        Assert.Equal([200, 200, 304], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.Equal("no-cache, private", CacheControl(answer)));
    }

    [Theory]
    [InlineData("GET", "/v1/users", 200)]
    [InlineData("HEAD", "/v1/users", 200)]
    [InlineData("GET", "/v1/users?unknown=1", 400)]
    [InlineData("GET", "/v1/users/0", 404)]
    [InlineData("POST", "/v1/users", 415)]
    [InlineData("BREW", "/v1/users", 405)]
    [InlineData("GET", "/users/", 200)]
    [InlineData("GET", "/user?user_id=0", 404)]
    [InlineData("POST", "/user", 422)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/docs/nothing", 404)]
    [InlineData("GET", "/problems/nothing", 404)]
    [InlineData("BREW", "/openapi.json", 405)]
    public async Task Lists_and_errors_are_kept_by_nobody(string method, string path, int status)
    {
        var answer = await SendAsync(method, path);

        Assert.Equal((status, "no-store"), (answer.Status, CacheControl(answer)));
    }

    [Fact]
    public async Task Responses_to_writes_are_kept_by_nobody()
    {
        var created = await PostAsync("/v1/users", Fields("Ann", NewEmail()));
        var user = UserSeen.In(created);
        Response[] answers =
        [
            created,
            await GetAsync(user.Path, ("If-Match", "\"9\"")),
            await PutAsync(user.Path, Fields("Bob", user.Email), user.ETag),
            await PatchAsync(user.Path, """{"name":"Cleo"}"""),
            await PostAsync("/v1/users", Fields("Bob", user.Email)),
            await PostAsync($"/user/{user.Id}", Fields("Dan", user.Email)),
            await DeleteAsync(user.Path),
        ];

        Assert.Equal([201, 412, 200, 200, 409, 200, 204], answers.Select(answer => answer.Status));
        Assert.All(answers, answer => Assert.Equal("no-store", CacheControl(answer)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/docs/index.html")]
    [InlineData("/docs/start.js")]
    [InlineData("/docs/swagger-ui-bundle.js")]
    [InlineData("/problems")]
    [InlineData("/problems/style.css")]
    [InlineData("/openapi.json")]
    public async Task Pages_and_the_document_may_be_kept_by_all_who_ask_each_time_whether_they_have_changed(string path) =>
        Assert.Equal("no-cache", CacheControl(await GetAsync(path)));

    [Fact]
    public async Task A_mistake_of_the_service_s_own_is_kept_by_nobody()
    {
        using var body = Body(Fields("Ann", NewEmail()));
        using var response = await broken.Client.PostAsync(new Uri("/v1/users", UriKind.Relative), body, Cancelled);

        Assert.Equal((500, true), ((int)response.StatusCode, response.Headers.CacheControl?.NoStore));
    }

    private static string? CacheControl(Response answer) => answer.Headers.CacheControl?.ToString();
}
