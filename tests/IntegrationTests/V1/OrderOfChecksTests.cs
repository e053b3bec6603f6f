using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>
/// Each request breaks two rules that follow one another in the contract: 404 of the route, 405, 406, 415, 413, 400, 422,
/// 404 of the user, 428, 412, 409. The first of these that applies is the response.
/// </summary>
public abstract class OrderOfChecksTests(UsersService service) : HttpTests(service)
{
    private static readonly string TooLarge = new('x', 64 * 1024 + 1);

    [Fact]
    public async Task No_route_comes_before_no_method() =>
        (await SendAsync("BREW", "/v1/nothing")).IsProblem(404, "no-such-route");

    [Fact]
    public async Task No_method_comes_before_the_media_type() =>
        (await SendAsync("POST", "/v1/users/1", Body("{}", "text/plain"))).IsProblem(405, "method-not-allowed");

    [Fact]
    public async Task No_method_comes_before_what_is_accepted() =>
        (await SendAsync("POST", "/v1/users/1", Body("{}"), ("Accept", "text/html"))).IsProblem(405, "method-not-allowed");

    [Fact]
    public async Task What_is_accepted_comes_before_the_media_type() =>
        (await SendAsync("POST", "/v1/users", Body("{}", "text/plain"), ("Accept", "text/html"))).IsProblem(406, "not-acceptable");

    [Fact]
    public async Task The_media_type_comes_before_the_size() =>
        (await SendAsync("POST", "/v1/users", Body(TooLarge, "text/plain"), ("Expect", "100-continue")))
            .IsProblem(415, "unsupported-media-type");

    [Theory]
    [InlineData("/v1/users?unknown=1", "Expect", "100-continue")]
    [InlineData("/v1/users", "Expect", "100-continue")]
    [InlineData("/v1/users", "Transfer-Encoding", "chunked")]
    [InlineData("/v1/users?unknown=1", "Transfer-Encoding", "chunked")]
    public async Task The_size_comes_before_what_the_body_and_the_query_string_say(string path, string header, string value) =>
        (await SendAsync("POST", path, Body(TooLarge), (header, value))).IsProblem(413, "payload-too-large");

    [Fact]
    public async Task An_unknown_parameter_comes_before_the_fields() =>
        (await PostAsync("/v1/users?unknown=1", "{}")).IsProblem(400, "invalid-parameter", "?unknown parameter.unknown");

    [Fact]
    public async Task A_malformed_If_Match_comes_before_the_fields()
    {
        (await PutAsync("/v1/users/0", "{}", "nonsense")).IsProblem(400, "malformed-request");
        (await PutAsync("/v1/users/0", "[]", "nonsense")).IsProblem(400, "malformed-request");
        (await PatchAsync("/v1/users/0", "null", "nonsense")).IsProblem(400, "malformed-request");
        (await PatchAsync("/v1/users/0", """{"name":null}""", "nonsense")).IsProblem(400, "malformed-request");
    }

    [Fact]
    public async Task A_malformed_If_Match_comes_before_the_user() =>
        (await DeleteAsync("/v1/users/0", "nonsense")).IsProblem(400, "malformed-request");

    [Fact]
    public async Task The_fields_come_before_the_user()
    {
        (await PutAsync("/v1/users/0", """{"name":"Ann"}""", "*")).IsProblem(422, "invalid-user", "/email email.required");
        (await PatchAsync("/v1/users/0", """{"name":null}""")).IsProblem(422, "invalid-user", "/name name.null");
    }

    [Fact]
    public async Task The_fields_come_before_a_missing_If_Match() =>
        (await PutAsync((await NewUserAsync()).Path, """{"name":"Ann"}""", null))
            .IsProblem(422, "invalid-user", "/email email.required");

    [Fact]
    public async Task The_user_comes_before_a_missing_If_Match() =>
        (await PutAsync("/v1/users/0", Fields("Ann", NewEmail()), null)).IsProblem(404, "user-not-found");

    [Fact]
    public async Task The_user_comes_before_the_version()
    {
        (await PutAsync("/v1/users/0", Fields("Ann", NewEmail()), "\"7\"")).IsProblem(404, "user-not-found");
        (await PatchAsync("/v1/users/0", "{}", "\"7\"")).IsProblem(404, "user-not-found");
    }

    [Fact]
    public async Task A_missing_If_Match_comes_before_a_taken_email()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());

        (await PutAsync(bob.Path, Fields("Bob", ann.Email), null)).IsProblem(428, "precondition-required");
    }

    [Fact]
    public async Task The_version_comes_before_a_taken_email()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());

        (await PutAsync(bob.Path, Fields("Bob", ann.Email), "\"7\"")).IsProblem(412, "precondition-failed");
        (await PatchAsync(bob.Path, $$"""{"email":"{{ann.Email}}"}""", "\"7\"")).IsProblem(412, "precondition-failed");
    }
}
