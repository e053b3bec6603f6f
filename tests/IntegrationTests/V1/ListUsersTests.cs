using System.Text;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class ListUsersTests(UsersService service) : HttpTests(service)
{
    // Each test lists its own users: those whose names start with its mark.
    private readonly string _mark = $"{Guid.NewGuid():N} ";

    [Fact]
    public async Task Lists_users_by_id_with_no_next_on_the_last_page()
    {
        var users = await NewUsersAsync("c", "a", "b");

        var response = await GetAsync($"/v1/users?namePrefix={_mark}");

        Assert.Equal(200, response.Status);
        Assert.Equal(users, Items(response));
        Assert.Equal(["items"], response.Json.EnumerateObject().Select(member => member.Name));
        Assert.Null(response.Header("Link"));
    }

    [Fact]
    public async Task Shows_fifty_when_no_limit_is_given_and_two_hundred_at_the_most()
    {
        await NewUsersAsync([.. Enumerable.Range(0, 201).Select(number => $"{number}")]);

        Assert.Equal(50, Items(await GetAsync($"/v1/users?namePrefix={_mark}")).Count);
        Assert.Equal(200, Items(await GetAsync($"/v1/users?namePrefix={_mark}&limit=200")).Count);
    }

    [Theory]
    [InlineData("0", "limit.outOfRange")]
    [InlineData("201", "limit.outOfRange")]
    [InlineData("-1", "limit.outOfRange")]
    [InlineData("ten", "limit.invalid")]
    [InlineData("5%00", "limit.invalid")]
    [InlineData("", "limit.invalid")]
    [InlineData("99999999999999999999", "limit.invalid")]
    public async Task Never_clamps_a_limit(string limit, string code) =>
        (await GetAsync($"/v1/users?limit={limit}")).IsProblem(400, "invalid-parameter", $"?limit {code}");

    [Theory]
    [InlineData("id")]
    [InlineData("name")]
    [InlineData("email")]
    [InlineData("createdAt")]
    [InlineData("updatedAt")]
    public async Task Walks_all_pages_in_every_order_and_back(string sort)
    {
        var users = await NewUsersAsync("b", "a", "Z", "a", "é", "😀", "\uffee", "a", "b", "");
        await PatchAsync(users[3].Path, $$"""{"name":"{{_mark}}m"}""");
        users = Items(await GetAsync($"/v1/users?namePrefix={_mark}"));
        IEnumerable<UserSeen> sorted = sort switch
        {
            "id" => users,
            "name" => users.OrderBy(user => CodePoints(user.Name), StringComparer.Ordinal).ThenBy(user => user.Id),
            "email" => users.OrderBy(user => user.Email, StringComparer.Ordinal),
            "createdAt" => users.OrderBy(user => user.CreatedAt, StringComparer.Ordinal).ThenBy(user => user.Id),
            _ => users.OrderBy(user => user.UpdatedAt, StringComparer.Ordinal).ThenBy(user => user.Id),
        };

        Assert.Equal(sorted, await WalkAsync($"namePrefix={_mark}&sort={sort}&limit=3"));
        Assert.Equal(sorted.Reverse(), await WalkAsync($"namePrefix={_mark}&sort=-{sort}&limit=3"));
    }

    [Fact]
    public async Task Sorts_emails_without_regard_to_case()
    {
        var mark = $"{Guid.NewGuid():N}";
        foreach (var local in new[] { "b", "A", "C" })
            await NewUserAsync($"{_mark}{local}", $"{mark}{local}@example.org");

        var names = (await WalkAsync($"namePrefix={_mark}&sort=email&limit=1")).Select(user => user.Name[^1]);

        Assert.Equal(['A', 'b', 'C'], names);
    }

    [Theory]
    [InlineData("id", "abcd")]
    [InlineData("createdAt", "abcd")]
    [InlineData("name", "abca")] // a has moved behind the cursor's place, d before it
    [InlineData("-name", "dcbd")] // and the other way round
    [InlineData("updatedAt", "abcad")] // what changes moves to the end
    [InlineData("-updatedAt", "dcb")] // to the start, that is
    public async Task A_user_whose_sort_key_changes_meanwhile_may_be_met_twice_or_not_at_all(string sort, string met)
    {
        var users = await NewUsersAsync("ma", "mb", "mc", "md");
        var query = $"namePrefix={_mark}&sort={sort}&limit=2";
        var first = await GetAsync($"/v1/users?{query}");

        await PatchAsync(users[0].Path, $$"""{"name":"{{_mark}}z"}""");
        await PatchAsync(users[3].Path, $$"""{"name":"{{_mark}}a"}""");

        var rest = await WalkAsync(query, first.Member("next"));
        var walked = Items(first).Concat(rest).Select(user => "abcd"[users.FindIndex(other => other.Id == user.Id)]);
        Assert.Equal(met, string.Concat(walked));
    }

    [Fact]
    public async Task Says_where_the_next_page_is()
    {
        var users = await NewUsersAsync("a", "b", "c");
        var first = await GetAsync($"/v1/users?namePrefix={_mark}&limit=2&count=true");

        var link = Assert.IsType<string>(first.Header("Link"));
        var second = await GetAsync(link[1..link.IndexOf('>')]);

        Assert.Contains(first.Member("next")!, link);
        Assert.Equal([users[2]], Items(second));
        Assert.Equal("3", second.Member("total"));
        Assert.Null(second.Header("Link"));
    }

    [Fact]
    public async Task Answers_HEAD_with_the_headers_alone()
    {
        await NewUsersAsync("a", "b");

        var response = await SendAsync("HEAD", $"/v1/users?namePrefix={_mark}&limit=1");

        Assert.Equal((200, ""), (response.Status, response.Text));
        Assert.NotNull(response.Header("Link"));
    }

    [Theory]
    [InlineData("sort=name")]
    [InlineData("sort=-id")]
    [InlineData("email=ann@example.org")]
    [InlineData("createdAfter=2020-01-01T00:00:00Z")]
    [InlineData("createdBefore=2020-01-01T00:00:00Z")]
    [InlineData("id=1")]
    public async Task Binds_a_cursor_to_sort_and_filters(string other)
    {
        await NewUsersAsync("a", "b");
        var next = (await GetAsync($"/v1/users?namePrefix={_mark}&limit=1")).Member("next");

        (await GetAsync($"/v1/users?namePrefix={_mark}&limit=1&cursor={next}&{other}"))
            .IsProblem(400, "invalid-parameter", "?cursor cursor.invalid");
        (await GetAsync($"/v1/users?limit=1&cursor={next}")).IsProblem(400, "invalid-parameter", "?cursor cursor.invalid");
        Assert.Single(Items(await GetAsync($"/v1/users?namePrefix={_mark}&limit=200&cursor={next}")));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("%00")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Refuses_a_cursor_that_it_did_not_give(string cursor) =>
        (await GetAsync($"/v1/users?cursor={cursor}")).IsProblem(400, "invalid-parameter", "?cursor cursor.invalid");

    [Fact]
    public async Task Refuses_an_unknown_parameter_a_repeated_one_and_an_unknown_sort_all_at_once() =>
        (await GetAsync("/v1/users?emial=ann@example.org&limit=1&limit=2&sort=age")).IsProblem(
            400, "invalid-parameter", "?emial parameter.unknown", "?limit parameter.repeated", "?sort sort.invalid");

    [Fact]
    public async Task Counts_only_when_asked()
    {
        await NewUsersAsync("a", "b", "c");

        Assert.Equal("3", (await GetAsync($"/v1/users?namePrefix={_mark}&limit=1&count=true")).Member("total"));
        Assert.False((await GetAsync($"/v1/users?namePrefix={_mark}&count=false")).Json.TryGetProperty("total", out _));
        (await GetAsync("/v1/users?count=yes")).IsProblem(400, "invalid-parameter", "?count count.invalid");
    }

    private async Task<List<UserSeen>> NewUsersAsync(params string[] names)
    {
        var users = new List<UserSeen>();
        foreach (var name in names)
            users.Add(await NewUserAsync($"{_mark}{name}.") with { ETag = null });
        return users;
    }

    private async Task<List<UserSeen>> WalkAsync(string query, string? cursor = null)
    {
        var users = new List<UserSeen>();
        while (true)
        {
            var page = await GetAsync($"/v1/users?{query}{(cursor is null ? "" : $"&cursor={cursor}")}");
            Assert.Equal(200, page.Status);
            users.AddRange(Items(page));
            if (!page.Json.TryGetProperty("next", out var next))
                return users;
            cursor = next.GetString();
        }
    }

    private static List<UserSeen> Items(Response page) =>
        [.. page.Json.GetProperty("items").EnumerateArray().Select((JsonElement user) => UserSeen.In(user))];

    private static string CodePoints(string text) =>
        string.Concat(text.EnumerateRunes().Select((Rune rune) => $"{rune.Value:x6}"));
}
