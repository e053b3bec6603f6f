using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Classic;

public abstract class ClassicCreateUserTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Stores_a_user_and_shows_it_without_times()
    {
        var email = NewEmail();

        var response = await PostAsync("/user", Fields("Ann Lee", email));

        response.Is(200, $$"""{"id":{{response.Member("id")}},"name":"Ann Lee","email":"{{email}}"}""");
        Assert.Equal(email, (await GetAsync($"/v1/users/{response.Member("id")}")).Member("email"));
    }

    [Fact]
    public async Task Ignores_unknown_members_and_unknown_parameters()
    {
        var response = await PostAsync("/user?debug=1", $$$"""{"id":7,"name":"Ann","email":"{{{NewEmail()}}}","x":{"y":[1]}}""");

        Assert.Equal((200, "Ann"), (response.Status, response.Member("name")));
    }

    [Fact]
    public async Task Ignores_an_unknown_member_whose_name_is_half_a_surrogate_pair() =>
        Assert.Equal(200, (await PostAsync("/user", $$"""{"\ud800":1,"name":"Ann","email":"{{NewEmail()}}"}""")).Status);

    [Fact]
    public async Task Takes_the_last_of_a_member_that_is_given_twice()
    {
        var response = await PostAsync("/user", $$"""{"name":7,"name":"Ann","email":"{{NewEmail()}}"}""");

        Assert.Equal((200, "Ann"), (response.Status, response.Member("name")));
    }

    // What a page of another origin can send without asking first (WHATWG Fetch §2.2.2).
    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task Refuses_JSON_that_does_not_say_that_it_is(string? mediaType)
    {
        var email = NewEmail();

        var response = await SendAsync("POST", "/user", Body(Fields("Ann", email), mediaType));

        Assert.Equal((422, """["body"]"""), (response.Status, response.Json.GetProperty("detail")[0].GetProperty("loc").ToString()));
        Assert.Equal(0, (await GetAsync($"/v1/users?email={email}")).Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Answers_in_JSON_whatever_is_accepted() =>
        Assert.Equal(
            (200, "application/json"),
            await SendAsync("POST", "/user", Body(Fields("Ann", NewEmail())), ("Accept", "text/html")) is var response
                ? (response.Status, response.MediaType) : default);

    [Fact]
    public async Task Refuses_an_email_that_is_taken()
    {
        var user = await NewUserAsync();

        (await PostAsync("/user", Fields("Bob", user.Email.ToUpperInvariant())))
            .Is(409, """{"detail":"Email already registered"}""");
    }

    [Theory]
    [InlineData("{}", "missing name Field required", "missing email Field required")]
    [InlineData("""{"name":"Ann"}""", "missing email Field required")]
    [InlineData(
        """{"name":7,"email":null}""",
        "string_type name Input should be a valid string", "string_type email Input should be a valid string")]
    [InlineData("""{"email":7}""", "missing name Field required", "string_type email Input should be a valid string")]
    [InlineData("""{"name":" ","email":[]}""",
        "string_too_short name String should have at least 1 character", "string_type email Input should be a valid string")]
    public async Task Names_each_member_that_is_wrong_as_FastAPI_does(string body, params string[] errors)
    {
        var details = errors.Select(error => error.Split(' ', 3))
            .Select(parts => $$"""{"type":"{{parts[0]}}","loc":["body","{{parts[1]}}"],"msg":"{{parts[2]}}"}""");

        (await PostAsync("/user", body)).Is(422, $$"""{"detail":[{{string.Join(',', details)}}]}""");
    }

    [Fact]
    public async Task Refuses_a_name_that_is_too_long() =>
        (await PostAsync("/user", Fields(new string('n', 201), NewEmail()))).Is(422, """
            {"detail":[{"type":"string_too_long","loc":["body","name"],"msg":"String should have at most 200 characters"}]}
            """);

    [Theory]
    [InlineData("no address")]
    [InlineData("ann\\u0000@example.org")]
    [InlineData("\\ud800@example.org")]
    public async Task Refuses_what_is_no_email(string email)
    {
        var response = await PostAsync("/user", $$"""{"name":"Ann","email":"{{email}}"}""");

        Assert.Equal(422, response.Status);
        var error = Assert.Single(response.Json.GetProperty("detail").EnumerateArray());
        Assert.Equal("value_error", error.GetProperty("type").GetString());
        Assert.Equal("""["body","email"]""", error.GetProperty("loc").ToString());
        Assert.StartsWith("Value error, ", error.GetProperty("msg").GetString());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"Ann\"")]
    public async Task Refuses_a_body_that_is_no_object(string body)
    {
        var response = await PostAsync("/user", body);

        Assert.Equal(422, response.Status);
        Assert.Equal("""["body"]""", response.Json.GetProperty("detail")[0].GetProperty("loc").ToString());
    }

    [Fact]
    public async Task Misses_a_body() =>
        (await PostAsync("/user", "")).Is(422, """{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}""");

    [Fact]
    public async Task Says_where_JSON_ends_to_be_JSON() =>
        (await PostAsync("/user", """{"name":!}"""))
            .Is(422, """{"detail":[{"type":"json_invalid","loc":["body",8],"msg":"JSON decode error"}]}""");

    [Fact]
    public async Task Refuses_a_body_that_is_not_UTF_8()
    {
        var response = await SendAsync("POST", "/user", Body([.. "{\"name\":\""u8, 0xFF, .. "\"}"u8]));

        Assert.Equal(422, response.Status);
        Assert.Equal("body", response.Json.GetProperty("detail")[0].GetProperty("loc")[0].GetString());
    }

    [Fact]
    public async Task Refuses_a_body_that_is_too_large() =>
        Assert.Equal(413, (await SendAsync("POST", "/user", Body(new string(' ', 65537)), ("Expect", "100-continue"))).Status);
}
