using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary><c>GET</c>, <c>HEAD</c> and <c>PUT /v1/users/by-external-id/{externalId}</c></summary>
public abstract class ByExternalIdTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task PUT_creates_then_replaces_then_changes_nothing()
    {
        var (path, email) = (NewPath(), NewEmail());

        var created = await PutAsync(path, Fields("Ann", email), null);
        var replaced = await PutAsync(path, Fields("Bea", email), null);
        var same = await PutAsync(path, Fields("Bea", email), null);

        Assert.Equal((201, "\"1\""), (created.Status, created.ETag));
        Assert.Equal((200, "Bea", "\"2\""), (replaced.Status, replaced.Member("name"), replaced.ETag));
        Assert.Equal((200, replaced.Text, "\"2\""), (same.Status, same.Text, same.ETag));
        var location = created.Header("Location");
        Assert.Equal($"/v1/users/{created.Member("id")}", location);
        Assert.Equal((location, null, location), (created.Header("Content-Location"), replaced.Header("Location"), replaced.Header("Content-Location")));
        Assert.Equal(same.Text, (await GetAsync(location!)).Text);
    }

    [Fact]
    public async Task GET_and_HEAD_read_as_by_id_and_name_the_path_by_id()
    {
        var path = NewPath();
        var user = UserSeen.In(await PutAsync(path, Fields("Ann", NewEmail()), null));

        var read = await GetAsync(path);
        var head = await SendAsync("HEAD", path);

        Assert.Equal((200, user, user.Path), (read.Status, UserSeen.In(read), read.Header("Content-Location")));
        Assert.Equal("no-cache, private", read.Header("Cache-Control"));
        Assert.Equal((200, user.Path, user.ETag, ""), (head.Status, head.Header("Content-Location"), head.ETag, head.Text));
        Assert.Equal(304, (await GetAsync(path, ("If-None-Match", "\"1\""))).Status);
        (await GetAsync(path, ("If-Match", "\"2\""))).IsProblem(412, "precondition-failed");
        (await GetAsync(path, ("If-Match", "2"))).IsProblem(400, "malformed-request");
        (await GetAsync(path + "?page=1")).IsProblem(400, "invalid-parameter", "?page parameter.unknown");
    }

    [Fact]
    public async Task An_external_id_that_no_user_has_is_not_found()
    {
        (await GetAsync(NewPath())).IsProblem(404, "user-not-found");
        (await GetAsync($"/v1/users/by-external-id/{new string('x', 300)}")).IsProblem(404, "user-not-found");
        (await GetAsync("/v1/users/by-external-id/")).IsProblem(404, "no-such-route");
        (await DeleteAsync(NewPath())).IsProblem(405, "method-not-allowed");
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a/b//c")]
    [InlineData("a%2Fb")]
    [InlineData("100%")]
    [InlineData("..a/./../b")]
    [InlineData("Ünïcödé-例-😀")]
    [InlineData("u\u0308")]
    [InlineData("?#&=+;,:@$!*'()[]\\\"<>^`{|}~")]
    [InlineData("42")]
    public async Task Any_external_id_can_be_named_percent_encoded(string text)
    {
        var externalId = $"{Guid.NewGuid():N}{text}";
        var path = $"/v1/users/by-external-id/{Uri.EscapeDataString(externalId)}";

        var created = await PutAsync(path, Fields("Ann", NewEmail()), null);

        Assert.Equal((201, externalId), (created.Status, created.Member("externalId")));
        Assert.Equal(externalId, (await GetAsync(path)).Member("externalId"));
        Assert.Equal(externalId, (await GetAsync(LowerCaseEscapes(path))).Member("externalId"));
    }

    [Fact]
    public async Task An_escaped_percent_sign_is_told_from_a_slash()
    {
        var start = $"{Guid.NewGuid():N}";

        Assert.Equal(201, (await PutAsync($"/v1/users/by-external-id/{start}%2Fx", Fields("Ann", NewEmail()), null)).Status);
        Assert.Equal(201, (await PutAsync($"/v1/users/by-external-id/{start}%252Fx", Fields("Bea", NewEmail()), null)).Status);

        Assert.Equal("Ann", (await GetAsync($"/v1/users/by-external-id/{start}%2Fx")).Member("name"));
        Assert.Equal("Bea", (await GetAsync($"/v1/users/by-external-id/{start}%252Fx")).Member("name"));
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("a%C3")]
    [InlineData("%ED%A0%80")]
    public async Task What_is_not_percent_encoded_UTF8_is_malformed(string segment)
    {
        (await GetAsync($"/v1/users/by-external-id/{segment}")).IsProblem(400, "malformed-request");
        (await PutAsync($"/v1/users/by-external-id/{segment}", Fields("Ann", NewEmail()), null)).IsProblem(400, "malformed-request");
    }

    [Fact]
    public async Task PUT_reports_all_errors_and_those_of_the_external_id()
    {
        (await PutAsync($"/v1/users/by-external-id/{new string('x', 256)}", """{"name":""}""", null)).IsProblem(
            422, "invalid-user", "/name name.empty", "/email email.required", "/externalId externalId.tooLong");
        (await PutAsync("/v1/users/by-external-id/a%0A", Fields("Ann", NewEmail()), null)).IsProblem(
            422, "invalid-user", "/externalId externalId.controlCharacter");
        (await PutAsync(NewPath(), """{"name":"Ann","email":"ann@example.org","externalId":"other"}""", null)).IsProblem(
            422, "invalid-user", "/externalId externalId.different");
        (await PutAsync(NewPath(), """{"name":"Ann","email":"ann@example.org","externalId":null}""", null)).IsProblem(
            422, "invalid-user", "/externalId externalId.different");
    }

    [Fact]
    public async Task PUT_keeps_what_it_does_not_mention_and_takes_the_same_external_id_in_the_body()
    {
        var path = NewPath();
        var externalId = path.Split('/')[^1];
        var fields = Fields("Ann", NewEmail())[..^1];
        await PutAsync(path, $$$"""{{{fields}}},"active":false,"attributes":{"a":1}}""", null);

        var kept = await PutAsync(path, $$"""{{fields}},"externalId":"{{externalId}}"}""", null);

        Assert.Equal(
            (200, "False", """{"a":1}""", "\"1\""),
            (kept.Status, kept.Member("active"), kept.Member("attributes"), kept.ETag));
    }

    [Fact]
    public async Task Preconditions_hold_whether_or_not_the_user_exists()
    {
        var path = NewPath();
        var body = Fields("Ann", NewEmail());

        foreach (var ifMatch in new[] { "*", "\"1\"" })
            (await PutAsync(path, body, ifMatch)).IsProblem(412, "precondition-failed");
        Assert.Equal(201, (await SendAsync("PUT", path, Body(body), ("If-None-Match", "*"))).Status);
        (await SendAsync("PUT", path, Body(body), ("If-None-Match", "*"))).IsProblem(412, "precondition-failed");
        (await PutAsync(path, body, "\"2\"")).IsProblem(412, "precondition-failed");
        (await PutAsync(path, body, "1")).IsProblem(400, "malformed-request");
        Assert.Equal(200, (await PutAsync(path, body, "\"1\"")).Status);
        Assert.Equal(200, (await PutAsync(path, body, "*")).Status);
    }

    [Fact]
    public async Task PUT_reports_an_address_that_is_taken()
    {
        var other = await NewUserAsync();
        var path = NewPath();

        (await PutAsync(path, Fields("Ann", other.Email), null)).IsProblem(409, "email-taken", "/email email.taken");
        Assert.Equal(404, (await GetAsync(path)).Status);
        await PutAsync(path, Fields("Ann", NewEmail()), null);
        (await PutAsync(path, Fields("Ann", other.Email), null)).IsProblem(409, "email-taken", "/email email.taken");
    }

    private static string NewPath() => $"/v1/users/by-external-id/{Guid.NewGuid():N}";

    private static string LowerCaseEscapes(string path) =>
        System.Text.RegularExpressions.Regex.Replace(path, "%[0-9A-F]{2}", escape => escape.Value.ToLowerInvariant());
}
