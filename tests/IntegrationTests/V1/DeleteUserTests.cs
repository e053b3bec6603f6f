using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class DeleteUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Removes_the_user_for_good()
    {
        var user = await NewUserAsync();

        var response = await DeleteAsync(user.Path);

        Assert.Equal((204, ""), (response.Status, response.Text));
        (await GetAsync(user.Path)).IsProblem(404, "user-not-found");
        (await DeleteAsync(user.Path)).IsProblem(404, "user-not-found");
        (await PutAsync(user.Path, Fields("Ann", user.Email), user.ETag)).IsProblem(404, "user-not-found");
    }

    [Fact]
    public async Task Leaves_the_others_alone()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());

        await DeleteAsync(ann.Path);

        Assert.Equal(bob, UserSeen.In(await GetAsync(bob.Path)));
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("*")]
    public async Task Goes_ahead_when_the_version_is_named(string ifMatch)
    {
        var user = await NewUserAsync();

        Assert.Equal(204, (await DeleteAsync(user.Path, ifMatch)).Status);
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("W/\"1\"")]
    public async Task Refuses_another_version(string ifMatch)
    {
        var user = await NewUserAsync();

        (await DeleteAsync(user.Path, ifMatch)).IsProblem(412, "precondition-failed");
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Fact]
    public async Task Looks_for_the_user_before_the_version() =>
        (await DeleteAsync("/v1/users/0", "\"1\"")).IsProblem(404, "user-not-found");

    [Fact]
    public async Task Refuses_parameters_and_an_If_Match_that_it_cannot_read()
    {
        var user = await NewUserAsync();

        (await DeleteAsync($"{user.Path}?really=true")).IsProblem(400, "invalid-parameter", "?really parameter.unknown");
        (await DeleteAsync(user.Path, "nonsense")).IsProblem(400, "malformed-request");
        Assert.Equal(200, (await GetAsync(user.Path)).Status);
    }
}
