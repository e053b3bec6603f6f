using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class ReplaceUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Replaces_name_and_email_and_counts_the_version()
    {
        var user = await NewUserAsync();
        var email = NewEmail();

        var response = await PutAsync(user.Path, Fields("Bob", email), user.ETag);

        Assert.Equal(200, response.Status);
        var replaced = UserSeen.In(response);
        Assert.Equal((user.Id, "Bob", email, "\"2\""), (replaced.Id, replaced.Name, replaced.Email, replaced.ETag));
        Assert.Equal(user.CreatedAt, replaced.CreatedAt);
        Assert.True(string.CompareOrdinal(user.UpdatedAt, replaced.UpdatedAt) < 0);
        Assert.Equal(replaced, UserSeen.In(await GetAsync(user.Path)));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"1\"")]
    [InlineData("\"7\", \"1\"")]
    [InlineData("W/\"7\", \"1\", \"other\"")]
    public async Task Goes_ahead_when_the_version_is_named(string ifMatch)
    {
        var user = await NewUserAsync();

        Assert.Equal(200, (await PutAsync(user.Path, Fields("Bob", user.Email), ifMatch)).Status);
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"01\"")]
    [InlineData("\"one\"")]
    public async Task Refuses_another_version(string ifMatch)
    {
        var user = await NewUserAsync();

        (await PutAsync(user.Path, Fields("Bob", user.Email), ifMatch)).IsProblem(412, "precondition-failed");
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Fact]
    public async Task Refuses_to_go_ahead_without_a_version()
    {
        var user = await NewUserAsync();

        (await PutAsync(user.Path, Fields("Bob", user.Email), null)).IsProblem(428, "precondition-required");
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("*, \"1\"")]
    [InlineData("\"1\", *")]
    public async Task Refuses_an_If_Match_that_is_no_list_of_tags(string tags)
    {
        var user = await NewUserAsync();

        (await PutAsync(user.Path, Fields("Bob", user.Email), tags)).IsProblem(400, "malformed-request");
    }

    [Fact]
    public async Task Leaves_version_and_time_alone_when_nothing_changes()
    {
        var user = await NewUserAsync();

        var response = await PutAsync(user.Path, Fields($" {user.Name} ", user.Email), user.ETag);

        Assert.Equal((200, user), (response.Status, UserSeen.In(response)));
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Fact]
    public async Task Lets_a_user_change_the_case_of_its_own_email()
    {
        var user = await NewUserAsync();

        var response = await PutAsync(user.Path, Fields(user.Name, user.Email.ToUpperInvariant()), user.ETag);

        Assert.Equal((200, "\"2\"", user.Email.ToUpperInvariant()), (response.Status, response.ETag, response.Member("email")));
    }

    [Fact]
    public async Task Refuses_an_email_that_is_taken()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());

        (await PutAsync(bob.Path, Fields("Bob", ann.Email.ToUpperInvariant()), bob.ETag)).IsProblem(409, "email-taken", "/email email.taken");
        Assert.Equal(bob, UserSeen.In(await GetAsync(bob.Path)));
    }

    [Fact]
    public async Task Frees_the_email_that_is_replaced()
    {
        var user = await NewUserAsync();
        await PutAsync(user.Path, Fields("Ann", NewEmail()), user.ETag);

        await NewUserAsync(email: user.Email);
    }

    [Fact]
    public async Task Does_not_find_a_user_that_is_not_there() =>
        (await PutAsync("/v1/users/0", Fields("Bob", NewEmail()), "*")).IsProblem(404, "user-not-found");

    [Fact]
    public async Task Needs_every_field()
    {
        var user = await NewUserAsync();

        (await PutAsync(user.Path, "{}", user.ETag))
            .IsProblem(422, "invalid-user", "/name name.required", "/email email.required");
    }
}
