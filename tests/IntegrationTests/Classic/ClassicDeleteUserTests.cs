using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Classic;

public abstract class ClassicDeleteUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Removes_the_user_for_good()
    {
        var user = await NewUserAsync();

        (await DeleteAsync($"/user?user_id={user.Id}")).Is(200, """{"detail":"User deleted"}""");

        (await DeleteAsync($"/user?user_id={user.Id}")).Is(404, """{"detail":"User not found"}""");
        (await GetAsync($"/user?user_id={user.Id}")).Is(404, """{"detail":"User not found"}""");
    }

    [Fact]
    public async Task Misses_the_user_id() =>
        (await DeleteAsync("/user"))
            .Is(422, """{"detail":[{"type":"missing","loc":["query","user_id"],"msg":"Field required"}]}""");

    [Fact]
    public async Task Refuses_a_user_id_that_is_no_integer() =>
        (await DeleteAsync("/user?user_id=all")).Is(422, """
            {"detail":[{"type":"int_parsing","loc":["query","user_id"],
             "msg":"Input should be a valid integer, unable to parse string as an integer"}]}
            """);

    [Theory]
    [InlineData("PUT", "/user")]
    [InlineData("GET", "/user/1")]
    [InlineData("DELETE", "/user/1")]
    [InlineData("POST", "/users/")]
    [InlineData("DELETE", "/users")]
    public async Task Has_no_other_methods(string method, string path)
    {
        var response = await SendAsync(method, path);

        response.Is(405, """{"detail":"Method Not Allowed"}""");
        Assert.NotEmpty(response.Content.Allow);
    }

    [Theory]
    [InlineData("/user/1/emails")]
    [InlineData("/users/1")]
    public async Task Has_no_other_routes(string path) => (await GetAsync(path)).Is(404, """{"detail":"Not Found"}""");
}
