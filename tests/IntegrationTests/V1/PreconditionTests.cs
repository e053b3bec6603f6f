using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary><c>If-None-Match</c> on writes (RFC 9110 §13.1.2); the tests of each write have <c>If-Match</c>.</summary>
public abstract class PreconditionTests(UsersService service) : HttpTests(service)
{
    [Theory]
    [InlineData("*")]
    [InlineData("\"1\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"7\", \"1\"")]
    public async Task No_write_goes_ahead_on_a_version_that_If_None_Match_names(string tags)
    {
        var user = await NewUserAsync();

        foreach (var method in new[] { "PUT", "PATCH", "DELETE" })
            (await WriteAsync(method, user, ("If-Match", "*"), ("If-None-Match", tags))).IsProblem(412, "precondition-failed");

        (await WriteAsync("PATCH", user, ("If-None-Match", tags))).IsProblem(412, "precondition-failed");
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Writes_go_ahead_on_any_other_version(string method)
    {
        var user = await NewUserAsync();

        var response = await WriteAsync(method, user, ("If-Match", "\"1\""), ("If-None-Match", "\"2\", \"one\""));

        Assert.InRange(response.Status, 200, 204);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_malformed_one_comes_before_the_body_and_the_user(string method)
    {
        var nobody = new UserSeen(0, "", "", "", "", null);

        (await WriteAsync(method, nobody, ("If-Match", "*"), ("If-None-Match", "1"))).IsProblem(400, "malformed-request");
        (await WriteAsync(method, nobody, ("If-Match", "*"), ("If-None-Match", "*"))).IsProblem(404, "user-not-found");
    }

    [Fact]
    public async Task It_does_not_stand_in_for_the_If_Match_that_PUT_needs() =>
        (await WriteAsync("PUT", await NewUserAsync(), ("If-None-Match", "*"))).IsProblem(428, "precondition-required");

    // RFC 9110 §13.2.1: a precondition is about the representation that a request selects or changes.
    [Fact]
    public async Task Creation_and_lists_have_no_version_to_compare()
    {
        (string, string)[] headers = [("If-Match", "\"7\""), ("If-None-Match", "*")];

        Assert.Equal(201, (await SendAsync("POST", "/v1/users", Body(Fields("Ann", NewEmail())), headers)).Status);
        Assert.Equal(200, (await GetAsync("/v1/users", headers)).Status);
    }

    private Task<Response> WriteAsync(string method, UserSeen user, params (string, string)[] headers) => SendAsync(
        method, user.Path,
        method switch
        {
            "PUT" => Body(Fields("Bob", NewEmail())),
            "PATCH" => Body("""{"name":"Bob"}""", "application/merge-patch+json"),
            _ => null,
        },
        headers);
}
