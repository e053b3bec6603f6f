using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Classic;

public abstract class ClassicGetUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Shows_the_user_without_times()
    {
        var user = await NewUserAsync("Ann Lee");

        (await GetAsync($"/user?user_id={user.Id}"))
            .Is(200, $$"""{"id":{{user.Id}},"name":"Ann Lee","email":"{{user.Email}}"}""");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999999")]
    public async Task Does_not_find_a_user_that_is_not_there(string id) =>
        (await GetAsync($"/user?user_id={id}")).Is(404, """{"detail":"User not found"}""");

    [Fact]
    public async Task Misses_the_user_id() =>
        (await GetAsync("/user")).Is(422, """{"detail":[{"type":"missing","loc":["query","user_id"],"msg":"Field required"}]}""");

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("0x1")]
    [InlineData("%D9%A1")] // an Arabic digit
    public async Task Refuses_a_user_id_that_is_no_integer(string id) =>
        (await GetAsync($"/user?user_id={id}")).Is(422, """
            {"detail":[{"type":"int_parsing","loc":["query","user_id"],
             "msg":"Input should be a valid integer, unable to parse string as an integer"}]}
            """);

    [Theory]
    [InlineData("%20{0}")]
    [InlineData("%2B{0}")]
    [InlineData("0{0}")]
    [InlineData("{0}%C2%A0")] // a no-break space
    public async Task Reads_a_user_id_as_Python_does(string text)
    {
        var user = await NewUserAsync();

        Assert.Equal($"{user.Id}", (await GetAsync($"/user?user_id={string.Format(null, text, user.Id)}")).Member("id"));
    }

    [Fact]
    public async Task Reads_the_last_user_id_and_ignores_other_parameters()
    {
        var user = await NewUserAsync();

        Assert.Equal($"{user.Id}", (await GetAsync($"/user?user_id=0&user_id={user.Id}&debug=1")).Member("id"));
    }
}
