using System.Globalization;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>The log of changes: <c>GET /v1/changes</c>, the history of a user, restore and erase.</summary>
public abstract class ChangeTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Every_change_is_in_the_log_by_whatever_door_it_came()
    {
        var cursor = await NowAsync();
        var (user, email) = (await NewUserAsync("Ann"), NewEmail());
        await PatchAsync(user.Path, """{"name":"Bob","attributes":{"plan":"pro"}}""");
        await PatchAsync(user.Path, """{"name":"Bob"}"""); // changes nothing
        await SendAsync("POST", $"/user/{user.Id}", Body(Fields("Cid", email)));
        await SendAsync("POST", "/v1/users/import?onConflict=update", Body($$"""{"name":"Dan","email":"{{email}}"}""", "application/x-ndjson"));
        await DeleteAsync(user.Path);
        (await PostAsync($"{user.Path}/restore", "")).Is(200);
        await SendAsync("DELETE", $"/user?user_id={user.Id}");

        var changes = (await ReadAsync(cursor, atLeast: 7)).Where(change => change.GetProperty("userId").GetInt64() == user.Id).ToList();

        Assert.Equal(
            [
                "user.created 1 Ann", "user.updated 2 Bob", "user.updated 3 Cid", "user.updated 4 Dan", "user.deleted 5 Dan",
                "user.restored 6 Dan", "user.deleted 7 Dan",
            ],
            changes.Select(Summary));
        Assert.Equal(changes.Select(Text).Reverse(), (await HistoryAsync(user.Id)).Select(Text));
        Assert.Equal("""{"plan":"pro"}""", changes[1].GetProperty("user").GetProperty("attributes").GetRawText());
        Assert.Equal(changes[3].GetProperty("user").GetProperty("updatedAt").GetString(), changes[3].GetProperty("at").GetString());
    }

    [Fact]
    public async Task Refused_changes_are_not_in_the_log()
    {
        var taken = await NewUserAsync();
        var cursor = await NowAsync();

        Assert.Equal(409, (await PostAsync("/v1/users", Fields("Ann", taken.Email))).Status);
        Assert.Equal(412, (await PutAsync(taken.Path, Fields("Bob", taken.Email), "\"7\"")).Status);
        Assert.Equal(200, (await SendAsync("POST", "/v1/users/import?dryRun=true", Body(Fields("Ann", NewEmail()), "application/x-ndjson"))).Status);

        Assert.Empty(await ReadAsync(cursor));
    }

    [Fact]
    public async Task Pages_follow_one_another_and_the_last_says_where_to_go_on()
    {
        var cursor = await NowAsync();
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
            ids.Add((await NewUserAsync()).Id);

        await ReadAsync(cursor, atLeast: 5);
        var first = await GetAsync($"/v1/changes?after={cursor}&limit=3");
        var second = await GetAsync($"/v1/changes?after={first.Member("next")}&limit=3");
        var third = await GetAsync($"/v1/changes?after={second.Member("next")}&limit=3");
        var later = await NewUserAsync();
        var fourth = await GetAsync($"/v1/changes?after={third.Member("next")}&limit=3&wait=10");

        Assert.Equal(["True", "False", "False"], new[] { first, second, third }.Select(page => page.Member("more")));
        Assert.Equal(ids, Items(first).Concat(Items(second)).Select(UserId));
        Assert.Empty(Items(third));
        Assert.Equal(second.Member("next"), third.Member("next"));
        Assert.Equal([later.Id], Items(fourth).Select(UserId));
        Assert.Contains(ids[0], await AllAsync());
    }

    [Fact]
    public async Task Who_waits_hears_of_a_change_at_once_and_of_none_in_the_end()
    {
        var cursor = await NowAsync();
        var waiting = GetAsync($"/v1/changes?after={cursor}&wait=30");
        await Task.Delay(300, Cancelled);
        Assert.False(waiting.IsCompleted);

        var user = await NewUserAsync();
        var page = await waiting;
        var none = await GetAsync($"/v1/changes?after={page.Member("next")}&wait=1");

        Assert.Equal([user.Id], Items(page).Select(UserId));
        Assert.Equal((200, page.Member("next")), (none.Status, none.Member("next")));
        Assert.Empty(Items(none));
    }

    [Fact]
    public async Task A_cursor_whose_entry_is_gone_is_410()
    {
        await NewUserAsync();
        var cursor = await NowAsync();
        var octets = Convert.FromBase64String(cursor!.Replace('-', '+').Replace('_', '/') + "=");
        octets[^1] ^= 1; // the fingerprint of another entry
        var other = Convert.ToBase64String(octets).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        (await GetAsync($"/v1/changes?after={other}")).IsProblem(410, "changes-gone");
    }

    [Theory]
    [InlineData("after=x", "?after after.invalid")]
    [InlineData("limit=0&wait=-1", "?limit limit.outOfRange", "?wait wait.outOfRange")]
    [InlineData("limit=1001&wait=61", "?limit limit.outOfRange", "?wait wait.outOfRange")]
    [InlineData("wait=x&since=1", "?wait wait.invalid", "?since parameter.unknown")]
    public async Task Parameters_are_checked(string query, params string[] errors) =>
        (await GetAsync($"/v1/changes?{query}")).IsProblem(400, "invalid-parameter", errors);

    [Fact]
    public async Task A_history_has_pages_and_belongs_to_a_user()
    {
        var user = await NewUserAsync("0");
        for (var i = 1; i < 5; i++)
            await PatchAsync(user.Path, $$"""{"name":"{{i}}"}""");

        var first = await GetAsync($"{user.Path}/changes?limit=3");
        var second = await GetAsync(first.Header("Link")!.Split('<', '>')[1]);

        Assert.Equal(["4", "3", "2"], Items(first).Select(NameOf));
        Assert.Equal(["1", "0"], Items(second).Select(NameOf));
        Assert.False(second.Json.TryGetProperty("next", out _));
        (await GetAsync("/v1/users/9000000000/changes")).IsProblem(404, "user-not-found");
        (await GetAsync($"{user.Path}/changes?cursor=x&after=now")).IsProblem(
            400, "invalid-parameter", "?cursor cursor.invalid", "?after parameter.unknown");
    }

    [Fact]
    public async Task A_restored_user_is_as_it_was_but_newer()
    {
        var created = await PostAsync(
            "/v1/users", $$"""{"name":"Ann","email":"{{NewEmail()}}","externalId":"{{Guid.NewGuid()}}","active":false,"attributes":{"n":1.50} }""");
        var path = created.Header("Location")!;
        (await PostAsync($"{path}/restore", "")).IsProblem(404, "user-not-found");
        await DeleteAsync(path);

        var restored = await PostAsync($"{path}/restore", "");

        restored.Is(200);
        Assert.Equal("\"3\"", restored.ETag);
        Assert.Equal(Without(created, "updatedAt"), Without(restored, "updatedAt"));
        Assert.True(string.CompareOrdinal(created.Member("updatedAt"), restored.Member("updatedAt")) < 0);
        Assert.Equal(restored.Text, (await GetAsync(path)).Text);
        var email = Uri.EscapeDataString(created.Member("email")!);
        Assert.Single((await GetAsync($"/v1/users?q={email}")).Json.GetProperty("items").EnumerateArray());
        (await PostAsync($"{path}/restore", "")).IsProblem(404, "user-not-found");
        (await PostAsync("/v1/users/9000000000/restore", "")).IsProblem(404, "user-not-found");
    }

    [Fact]
    public async Task A_user_whose_address_was_taken_meanwhile_is_not_restored()
    {
        var user = await NewUserAsync();
        await DeleteAsync(user.Path);
        await NewUserAsync(email: user.Email.ToUpperInvariant());

        (await PostAsync($"{user.Path}/restore", "")).IsProblem(409, "email-taken", "/email email.taken");

        Assert.Equal(404, (await GetAsync(user.Path)).Status);
    }

    [Fact]
    public async Task Of_many_who_restore_a_user_one_does()
    {
        var user = await NewUserAsync();
        await DeleteAsync(user.Path);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PostAsync($"{user.Path}/restore", "")));

        Assert.Equal([200, .. Enumerable.Repeat(404, 15)], answers.Select(answer => answer.Status).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_an_erased_user_only_remains_that_it_was(bool wasDeleted)
    {
        var cursor = await NowAsync();
        var canary = $"{Guid.NewGuid():N}";
        var key = ("Idempotency-Key", canary);
        var created = await SendAsync("POST", "/v1/users", Body(
            $$"""{"name":"{{canary}}1","email":"{{canary}}2@example.org","externalId":"{{canary}}3","attributes":{"a":"{{canary}}4"} }"""), key);
        var path = created.Header("Location")!;
        await PatchAsync(path, $$"""{"name":"{{canary}}5"}""");
        if (wasDeleted)
            await DeleteAsync(path);

        var erased = await PostAsync($"{path}/erase", "");

        Assert.Equal((204, ""), (erased.Status, erased.Text));
        Assert.Equal(404, (await GetAsync(path)).Status);
        var changes = await ReadAsync(cursor, atLeast: 4);
        Assert.DoesNotContain(canary, string.Concat(changes.Select(Text)));
        Assert.Equal(
            ["user.created 1 ", "user.updated 2 ", "user.deleted 3 ", "user.erased 4 "],
            changes.Where(change => UserId(change) == created.Json.GetProperty("id").GetInt64()).Select(Summary));
        (await PostAsync($"{path}/restore", "")).IsProblem(404, "user-not-found");
        Assert.Equal(204, (await PostAsync($"{path}/erase", "")).Status);
        Assert.Equal(changes.Count, (await ReadAsync(cursor)).Count);
        var again = await SendAsync("POST", "/v1/users", Body(Fields("Ann", NewEmail())), key);
        Assert.Equal((201, null), (again.Status, again.Header("Idempotency-Replayed"))); // the former response is forgotten
        (await PostAsync("/v1/users/9000000000/erase", "")).IsProblem(404, "user-not-found");
    }

    [Fact]
    public async Task After_an_erasure_nothing_is_there_whatever_was_restored_at_the_same_time()
    {
        for (var round = 0; round < 10; round++)
        {
            var user = await NewUserAsync();
            await DeleteAsync(user.Path);

            var answers = await Task.WhenAll(
                PostAsync($"{user.Path}/restore", ""), PostAsync($"{user.Path}/erase", ""), PostAsync($"{user.Path}/erase", ""));

            Assert.True(answers[0].Status is 200 or 404, answers[0].Text);
            Assert.Equal([204, 204], answers[1..].Select(answer => answer.Status));
            Assert.Equal(404, (await GetAsync(user.Path)).Status);
            var history = await HistoryAsync(user.Id);
            Assert.All(history, change => Assert.False(change.TryGetProperty("user", out _)));
            Assert.Equal(1, history.Count(change => $"{change.GetProperty("type")}" == "user.erased"));
            Assert.Equal(history.Count, history.Select(change => change.GetProperty("version").GetInt64()).Distinct().Count());
        }
    }

    private static string Without(Response response, string member) =>
        string.Join(',', response.Json.EnumerateObject().Where(part => part.Name != member).Select(part => part.ToString()));

    private static string Summary(JsonElement change) => string.Create(
        CultureInfo.InvariantCulture, $"{change.GetProperty("type")} {change.GetProperty("version")} {NameOf(change)}");

    private static string? NameOf(JsonElement change) =>
        change.TryGetProperty("user", out var user) ? user.GetProperty("name").GetString() : null;

    private static string Text(JsonElement change) => change.GetRawText();

    private static long UserId(JsonElement change) => change.GetProperty("userId").GetInt64();

    private static List<JsonElement> Items(Response page)
    {
        page.Is(200);
        return [.. page.Json.GetProperty("items").EnumerateArray()];
    }

    /// <summary>A cursor after everything that was changed so far.</summary>
    private async Task<string?> NowAsync()
    {
        var cursor = (await GetAsync("/v1/changes?after=now")).Member("next");
        var last = await NewUserAsync();
        while (true)
        {
            var page = await GetAsync($"/v1/changes?after={cursor}&limit=1000&wait=10");
            cursor = page.Member("next");
            if (Items(page).Any(change => UserId(change) == last.Id))
                return cursor;
        }
    }

    /// <summary>All changes after the cursor, at least so many: a transaction elsewhere on the server may delay them.</summary>
    private async Task<List<JsonElement>> ReadAsync(string? cursor, int atLeast = 0)
    {
        var changes = new List<JsonElement>();
        while (true)
        {
            var page = await GetAsync($"/v1/changes?limit=1000&wait={(changes.Count < atLeast ? 10 : 0)}{(cursor is null ? "" : $"&after={cursor}")}");
            changes.AddRange(Items(page));
            if (page.Member("more") == "False" && changes.Count >= atLeast)
                return changes;
            cursor = page.Member("next");
        }
    }

    private async Task<List<long>> AllAsync() => [.. (await ReadAsync(null)).Select(UserId)];

    private async Task<List<JsonElement>> HistoryAsync(long id) => Items(await GetAsync($"/v1/users/{id}/changes"));
}
