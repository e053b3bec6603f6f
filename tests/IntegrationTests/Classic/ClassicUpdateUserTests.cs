using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Classic;

public abstract class ClassicUpdateUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Gives_the_user_a_new_name_and_email()
    {
        var user = await NewUserAsync();
        var email = NewEmail();

        (await PostAsync($"/user/{user.Id}", Fields("Bob", email)))
            .Is(200, $$"""{"id":{{user.Id}},"name":"Bob","email":"{{email}}"}""");
        Assert.Equal("\"2\"", (await GetAsync(user.Path)).ETag);
    }

    [Fact]
    public async Task Leaves_the_version_alone_when_nothing_changes()
    {
        var user = await NewUserAsync();

        Assert.Equal(200, (await PostAsync($"/user/{user.Id}", Fields(user.Name, user.Email))).Status);
        Assert.Equal(user, UserSeen.In(await GetAsync(user.Path)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("99999999999999999999999")]
    public async Task Does_not_find_a_user_that_is_not_there(string id) =>
        (await PostAsync($"/user/{id}", Fields("Bob", NewEmail()))).Is(404, """{"detail":"User not found"}""");

    [Fact]
    public async Task Refuses_an_email_that_is_taken()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());

        (await PostAsync($"/user/{bob.Id}", Fields("Bob", ann.Email))).Is(409, """{"detail":"Email already registered"}""");
    }

    [Fact]
    public async Task Names_what_is_wrong_with_path_and_body_at_once() =>
        (await PostAsync("/user/abc", """{"email":7}""")).Is(422, """
            {"detail":[
              {"type":"int_parsing","loc":["path","user_id"],
               "msg":"Input should be a valid integer, unable to parse string as an integer"},
              {"type":"missing","loc":["body","name"],"msg":"Field required"},
              {"type":"string_type","loc":["body","email"],"msg":"Input should be a valid string"}]}
            """);

    [Fact]
    public async Task Looks_at_the_fields_before_the_user() =>
        Assert.Equal(422, (await PostAsync("/user/0", "{}")).Status);
}
