using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>The optional members of a user: <c>externalId</c>, <c>active</c> and <c>attributes</c>.</summary>
public abstract class UserFieldTests(UsersService service) : HttpTests(service)
{
    private const string Attributes = """{"plan":"pro","seats":1.50e2,"tags":["a","é😀"],"address":{"zip":"03000","city":"Bern"}}""";

    [Fact]
    public async Task A_user_without_them_shows_that_it_has_none()
    {
        var user = await GetAsync((await NewUserAsync()).Path);

        Assert.Contains("\"externalId\":null,", user.Text);
        Assert.Contains("\"active\":true,\"attributes\":{},", user.Text);
    }

    [Fact]
    public async Task They_come_back_as_they_were_sent()
    {
        var externalId = NewExternalId();

        var created = await CreateAsync($"\"externalId\":\"{externalId}\",\"active\":false,\"attributes\":{Spaced(Attributes)}");

        Assert.Equal(201, created.Status);
        Assert.Contains($"\"externalId\":\"{externalId}\",", created.Text);
        Assert.Contains($"\"active\":false,\"attributes\":{Attributes},", created.Text);
        Assert.Equal(created.Text, (await GetAsync(created.Header("Location")!)).Text);
        Assert.Contains($"\"attributes\":{Attributes},", (await GetAsync($"/v1/users?externalId={externalId}")).Text);
    }

    [Theory]
    [InlineData("\"externalId\":null,\"active\":true,\"attributes\":null")]
    [InlineData("\"attributes\":{}")]
    public async Task Null_and_an_empty_object_mean_none(string members)
    {
        var created = await CreateAsync(members);

        Assert.Equal((201, "{}", ""), (created.Status, created.Member("attributes"), created.Member("externalId")));
    }

    [Fact]
    public async Task PUT_keeps_those_that_it_does_not_mention()
    {
        var externalId = NewExternalId();
        var user = await CreateAsync($"\"externalId\":\"{externalId}\",\"active\":false,\"attributes\":{Attributes}");

        var kept = await PutAsync(user.Header("Location")!, Fields("Bea", NewEmail()), "\"1\"");
        var replaced = await PutAsync(
            user.Header("Location")!, """{"name":"Bea","email":"EMAIL","externalId":null,"active":true,"attributes":{"n":1}}"""
                .Replace("EMAIL", NewEmail(), StringComparison.Ordinal), "\"2\"");

        Assert.Equal(
            (200, externalId, "False", Attributes),
            (kept.Status, kept.Member("externalId"), kept.Member("active"), kept.Member("attributes")));
        Assert.Equal(
            (200, "", "True", """{"n":1}"""),
            (replaced.Status, replaced.Member("externalId"), replaced.Member("active"), replaced.Member("attributes")));
    }

    [Fact]
    public async Task PATCH_merges_attributes_member_by_member()
    {
        var user = await CreateAsync($"\"attributes\":{Attributes}");
        var path = user.Header("Location")!;

        var merged = await PatchAsync(path, """{"attributes":{"plan":null,"address":{"city":"Basel","zip":null},"since":2020}}""");
        var cleared = await PatchAsync(path, """{"attributes":null,"externalId":null}""");

        Assert.Equal(
            (200, """{"seats":1.50e2,"tags":["a","é😀"],"address":{"city":"Basel"},"since":2020}""", "\"2\""),
            (merged.Status, merged.Member("attributes"), merged.ETag));
        Assert.Equal((200, "{}", "\"3\""), (cleared.Status, cleared.Member("attributes"), cleared.ETag));
    }

    [Theory]
    [InlineData("""{"attributes":{}}""")]
    [InlineData("""{"attributes":{"gone":null,"seats":150}}""")]
    [InlineData("""{"attributes":{"address":{"city":"Bern","zip":"03000"}},"active":true}""")]
    public async Task A_change_that_changes_nothing_keeps_the_version_and_the_spelling(string patch)
    {
        var user = await CreateAsync($"\"attributes\":{Attributes}");

        var same = await PatchAsync(user.Header("Location")!, patch);
        var replaced = await PutAsync(
            user.Header("Location")!, Fields(user.Member("name")!, user.Member("email")!)[..^1]
                + ""","attributes":{"address":{"city":"Bern","zip":"03000"},"tags":["a","é😀"],"seats":150,"plan":"pro"}}""", "*");

        Assert.Equal((200, user.Text, "\"1\""), (same.Status, same.Text, same.ETag));
        Assert.Equal((200, user.Text, "\"1\""), (replaced.Status, replaced.Text, replaced.ETag));
    }

    [Fact]
    public async Task All_errors_are_reported_at_once_with_pointers_into_the_attributes()
    {
        var response = await PostAsync("/v1/users", """
            {"name":"Ann","email":"ann@example.org","externalId":"","active":1,
             "attributes":{"a":null,"b/c":{"d":[1,"\u0000"]},"e":{"f":1,"f":2},"g":1e999,"h":"\ud800"}}
            """);

        response.IsProblem(
            422, "invalid-user", "/active active.type", "/externalId externalId.empty", "/attributes/a attributes.null",
            "/attributes/b~1c/d/1 attributes.nulCharacter", "/attributes/e/f attributes.duplicate",
            "/attributes/g attributes.numberOutOfRange", "/attributes/h attributes.malformed");
    }

    [Fact]
    public async Task A_patch_whose_result_breaks_a_rule_changes_nothing()
    {
        var text = new string('x', 5_000);
        var user = await CreateAsync($$"""
            "attributes":{"a":"{{text}}"}
            """);

        var response = await PatchAsync(user.Header("Location")!, $$$"""{"attributes":{"b":"{{{text}}}"}}""");

        response.IsProblem(422, "invalid-user", "/attributes attributes.tooLarge");
        Assert.Equal(user.Text, (await GetAsync(user.Header("Location")!)).Text);
    }

    [Fact]
    public async Task External_ids_are_unique_and_case_counts()
    {
        var externalId = $"A{NewExternalId()}";
        await CreateAsync($"\"externalId\":\"{externalId}\"");
        var other = await NewUserAsync();

        (await CreateAsync($"\"externalId\":\"{externalId}\"")).IsProblem(409, "external-id-taken", "/externalId externalId.taken");
        (await PatchAsync(other.Path, $$"""{"externalId":"{{externalId}}"}"""))
            .IsProblem(409, "external-id-taken", "/externalId externalId.taken");
        Assert.Equal(201, (await CreateAsync($"\"externalId\":\"{externalId.ToLowerInvariant()}\"")).Status);
        Assert.Equal(other, UserSeen.In(await GetAsync(other.Path)));
    }

    [Fact]
    public async Task Classic_neither_shows_nor_touches_them()
    {
        var externalId = NewExternalId();
        var user = await CreateAsync($"\"externalId\":\"{externalId}\",\"active\":false,\"attributes\":{Attributes}");
        var id = user.Member("id");

        var updated = await PostAsync(
            $"/user/{id}", """{"name":"Cleo","email":"EMAIL","externalId":"x","active":true,"attributes":{"n":null}}"""
                .Replace("EMAIL", NewEmail(), StringComparison.Ordinal));

        Assert.Equal(["id", "name", "email"], updated.Json.EnumerateObject().Select(member => member.Name));
        var now = await GetAsync($"/v1/users/{id}");
        Assert.Equal(
            ("Cleo", externalId, "False", Attributes),
            (now.Member("name"), now.Member("externalId"), now.Member("active"), now.Member("attributes")));
    }

    private static string NewExternalId() => $"{Guid.NewGuid():N}";

    private static string Spaced(string json) => json.Replace(",", " ,\n ", StringComparison.Ordinal);

    private Task<Response> CreateAsync(string members) =>
        PostAsync("/v1/users", $"{Fields("Ann", NewEmail())[..^1]},{members}}}");
}
