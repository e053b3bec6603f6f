using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class PatchUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Changes_the_name_alone()
    {
        var user = await NewUserAsync();

        var response = await PatchAsync(user.Path, """{"name":"Ann Ortiz"}""");

        Assert.Equal(200, response.Status);
        var patched = UserSeen.In(response);
        Assert.Equal(("Ann Ortiz", user.Email, "\"2\""), (patched.Name, patched.Email, patched.ETag));
        Assert.Equal(patched, UserSeen.In(await GetAsync(user.Path)));
    }

    [Fact]
    public async Task Changes_the_email_alone()
    {
        var user = await NewUserAsync();
        var email = NewEmail();

        var response = await PatchAsync(user.Path, $$"""{"email":"{{email}}"}""");

        Assert.Equal((200, user.Name, email), (response.Status, response.Member("name"), response.Member("email")));
    }

    [Fact]
    public async Task Leaves_version_and_time_alone_when_nothing_changes()
    {
        var user = await NewUserAsync();

        foreach (var patch in new[] { "{}", $$"""{"name":"{{user.Name}}"}""", Fields(user.Name, user.Email) })
        {
            var response = await PatchAsync(user.Path, patch);
            Assert.Equal((200, user), (response.Status, UserSeen.In(response)));
        }
    }

    [Fact]
    public async Task Moves_updatedAt_with_every_change()
    {
        var user = await NewUserAsync();
        var times = new List<string> { user.UpdatedAt };

        for (var change = 0; change < 50; change++)
            times.Add((await PatchAsync(user.Path, $$"""{"name":"Ann {{change}}"}""")).Member("updatedAt")!);

        Assert.Equal(times.Order(StringComparer.Ordinal).Distinct(), times);
        Assert.Equal("\"51\"", (await GetAsync(user.Path)).ETag);
    }

    [Theory]
    [InlineData("""{"name":null}""", "/name name.null")]
    [InlineData("""{"email":null}""", "/email email.null")]
    [InlineData("""{"email":"no address"}""", "/email email.invalid")]
    [InlineData("""{"name":" "}""", "/name name.empty")]
    [InlineData("""{"nickname":"A"}""", "/nickname member.unknown")]
    [InlineData("""{"id":7}""", "/id member.unknown")]
    [InlineData("""["name"]""", " body.type")]
    [InlineData("null", " body.type")]
    public async Task Refuses_a_patch_that_breaks_a_rule(string patch, string error)
    {
        var user = await NewUserAsync();

        (await PatchAsync(user.Path, patch)).IsProblem(422, "invalid-user", error);
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Fact]
    public async Task Refuses_every_null_at_once()
    {
        var user = await NewUserAsync();

        (await PatchAsync(user.Path, """{"name":null,"email":null}"""))
            .IsProblem(422, "invalid-user", "/name name.null", "/email email.null");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json-patch+json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Takes_merge_patches_alone_and_says_so(string? mediaType)
    {
        var user = await NewUserAsync();

        var response = await SendAsync("PATCH", user.Path, Body("""{"name":"Bob"}""", mediaType));

        response.IsProblem(415, "unsupported-media-type");
        Assert.Equal("application/merge-patch+json", response.Header("Accept-Patch"));
    }

    [Fact]
    public async Task Takes_a_merge_patch_that_says_its_charset()
    {
        var user = await NewUserAsync();
        var patch = Body("""{"name":"Bob"}""", "Application/Merge-Patch+JSON; charset=UTF-8");

        Assert.Equal(200, (await SendAsync("PATCH", user.Path, patch)).Status);
    }

    [Fact]
    public async Task Honours_If_Match()
    {
        var user = await NewUserAsync();

        (await PatchAsync(user.Path, """{"name":"Bob"}""", "\"2\"")).IsProblem(412, "precondition-failed");
        (await PatchAsync(user.Path, """{"name":"Bob"}""", "nonsense")).IsProblem(400, "malformed-request");
        Assert.Equal(200, (await PatchAsync(user.Path, """{"name":"Bob"}""", user.ETag)).Status);
        Assert.Equal(200, (await PatchAsync(user.Path, """{"name":"Cid"}""", "*")).Status);
    }

    [Fact]
    public async Task Refuses_an_email_that_is_taken()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());

        (await PatchAsync(bob.Path, $$"""{"email":"{{ann.Email}}"}""")).IsProblem(409, "email-taken", "/email email.taken");
    }

    [Fact]
    public async Task Does_not_find_a_user_that_is_not_there() =>
        (await PatchAsync("/v1/users/0", """{"name":"Bob"}""")).IsProblem(404, "user-not-found");
}
