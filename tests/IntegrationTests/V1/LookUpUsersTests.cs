using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary><c>POST /v1/users/lookup</c></summary>
public abstract class LookUpUsersTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Returns_users_in_the_order_of_the_keys_and_the_keys_that_are_missing()
    {
        var (ann, bob) = (await NewUserAsync("Ann"), await NewUserAsync("Bob"));
        var externalId = $"{Guid.NewGuid():N}";
        var cleo = UserSeen.In(await PutAsync($"/v1/users/by-external-id/{externalId}", Fields("Cleo", NewEmail()), null));
        var (email, other) = (NewEmail(), $"{externalId}x");

        var response = await LookUpAsync(
            $$"""{"externalIds":["{{externalId}}","{{other}}"],"ids":[{{bob.Id}},0,{{ann.Id}}],"emails":["{{cleo.Email.ToUpperInvariant()}}","{{email}}"]}""");

        Assert.Equal(200, response.Status);
        Assert.Equal([bob.Id, ann.Id, cleo.Id], Ids(response));
        Assert.Equal(
            $$"""{"ids":[0],"emails":["{{email}}"],"externalIds":["{{other}}"]}""", response.Json.GetProperty("missing").GetRawText());
        Assert.Equal((await GetAsync(bob.Path)).Text, response.Json.GetProperty("items")[0].GetRawText());
    }

    [Fact]
    public async Task Ids_alone_are_found_again_and_with_their_newest_version()
    {
        var (ann, bob) = (await NewUserAsync("Ann"), await NewUserAsync("Bob"));
        var keys = $$"""{"ids":[{{ann.Id}},{{bob.Id}},{{ann.Id}}]}""";

        Assert.Equal([ann.Id, bob.Id], Ids(await LookUpAsync(keys)));
        await PatchAsync(bob.Path, """{"name":"Bea"}""");
        var changed = await LookUpAsync(keys);
        await DeleteAsync(ann.Path);
        var deleted = await LookUpAsync(keys);

        Assert.Equal("Bea", changed.Json.GetProperty("items")[1].GetProperty("name").GetString());
        Assert.Equal([bob.Id], Ids(deleted));
        Assert.Equal($$"""{"ids":[{{ann.Id}}],"emails":[],"externalIds":[]}""", deleted.Json.GetProperty("missing").GetRawText());
    }

    [Fact]
    public async Task Takes_200_keys_in_all()
    {
        var user = await NewUserAsync();
        string Keys(int count) => $$"""{"ids":[{{user.Id}}{{string.Concat(Enumerable.Range(1, count - 2).Select(id => $",{-id}"))}}],"emails":["a@b"]}""";

        var response = await LookUpAsync(Keys(200));

        Assert.Equal([user.Id], Ids(response));
        Assert.Equal(198, response.Json.GetProperty("missing").GetProperty("ids").GetArrayLength());
        (await LookUpAsync(Keys(201))).IsProblem(422, "invalid-lookup", " keys.count");
    }

    [Theory]
    [InlineData("{}", " keys.count")]
    [InlineData("""{"ids":[],"emails":[],"externalIds":[]}""", " keys.count")]
    [InlineData("[1]", " body.type")]
    [InlineData("""{"id":[1]}""", "/id member.unknown")]
    [InlineData("""{"ids":[1],"ids":[2]}""", "/ids member.duplicate")]
    [InlineData("""{"ids":1}""", "/ids ids.type")]
    [InlineData("""{"ids":null}""", "/ids ids.type")]
    [InlineData("""{"ids":[1,1.5,"2",9223372036854775808,[3],null]}""",
        "/ids/1 ids.type", "/ids/2 ids.type", "/ids/3 ids.type", "/ids/4 ids.type", "/ids/5 ids.type")]
    [InlineData("""{"emails":["ann@example.org","ann",""],"externalIds":["a","\ud800",{}]}""",
        "/emails/1 email.invalid", "/emails/2 email.invalid", "/externalIds/1 externalIds.type", "/externalIds/2 externalIds.type")]
    [InlineData("""{"ids":"1","externalIds":["","a\u0000"]}""",
        "/ids ids.type", "/externalIds/0 externalId.empty", "/externalIds/1 externalId.controlCharacter")]
    public async Task Reports_all_errors_with_pointers(string body, params string[] errors) =>
        (await LookUpAsync(body)).IsProblem(422, "invalid-lookup", errors);

    [Fact]
    public async Task Is_POST_alone_without_parameters_and_JSON_alone()
    {
        (await GetAsync("/v1/users/lookup")).IsProblem(405, "method-not-allowed");
        (await PostAsync("/v1/users/lookup?limit=1", """{"ids":[1]}""")).IsProblem(400, "invalid-parameter", "?limit parameter.unknown");
        (await PostAsync("/v1/users/lookup", "{")).IsProblem(400, "malformed-request", " body.notJson");
        (await SendAsync("POST", "/v1/users/lookup", Body("a=1", "application/x-www-form-urlencoded"))).IsProblem(415, "unsupported-media-type");
    }

    private Task<Response> LookUpAsync(string keys) => PostAsync("/v1/users/lookup", keys);

    private static IEnumerable<long> Ids(Response response) =>
        response.Json.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetInt64());
}
