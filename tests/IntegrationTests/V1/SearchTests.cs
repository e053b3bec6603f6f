using System.Globalization;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>One table of searches, which both databases answer the same.</summary>
public abstract class SearchTests(UsersService service) : HttpTests(service)
{
    /// <summary>Each case finds its user by each search, in the scope of a mark that only this user has.</summary>
    public static TheoryData<string, string, string> Found() => new()
    {
        { "Ann Lee", "ann.lee", "ann|ANN|lee|ann lee|lee ann|le an|nn ee|nn|a|e|n l|ann.lee@|lee@mark|.lee|@mark|mark.example" },
        { "José Ñandú", "jose1", "jose|josé|JOSÉ|ñandú|nandu|nandu jose|sé|jose\u0301" },
        { "Łukasz Ørsted", "lo2", "łukasz|lukasz|orsted|ØRSTED|rst uka" },
        { "Weiß Straße", "ws3", "weiss|weiß|WEISS|strasse|STRASSE|ss" },
        { "Ægir Œuvre Þór", "ae4", "aegir|ægir|oeuvre|thor|þór" },
        { "İsmail Kılıç", "ik5", "ismail|İSMAİL|kilic|kılıç|KILIÇ" },
        { "Σίσυφος", "si6", "σισυφοσ|ΣΊΣΥΦΟΣ|σίσυφος|σισ" },
        { "Ёлкин Юрий", "eu7", "елкин|ёлкин|ЮРИЙ|юрий елкин" },
        { "王小明", "w8", "王|小明|王小明|明" },
        { "たなか ガク", "t9", "たなか|なか|ガク|ｶﾞｸ|ク" },
        { "김 민준", "k10", "김|민준|준" },
        { "ＦＵＬＬ Ｗｉｄｔｈ", "f11", "full|width|ｆｕｌｌ|FULL WIDTH" },
        { "😀 Smile 👩‍💻", "s12", "😀|👩‍💻|💻|smile 😀" },
        { "مُحَمَّد", "m13", "محمد|مُحَمَّد" },
        { "प्रिया शर्मा", "p14", "प्रिया|शर्मा|रिया" },
        { "O’Connor-Smith", "o15", "o'connor|o’connor|connor-smith|smith|connor smith" },
        { "100% \"Quoted\" _x_ *y* \\z", "q16", "100%|%|\"quoted\"|\"|_x_|_|*y*|*|\\z|\\" },
        { "AND OR NOT NEAR(a b) col:x", "f17", "and|or|not|near(a|col:x|^col|-" },
        { "a", "b18", "a" },
        { "Maximilian Alexander", "m19", "maximilian alexander max alex xim and lia ian" },
        { "'; DROP TABLE users; --", "d20", "';|drop table users|--|; --" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public async Task Finds_every_word_anywhere(string name, string local, string searches)
    {
        var user = await NewUserAsync(name, $"{local}@mark.example.org");
        try
        {
            foreach (var search in searches.Split('|'))
                await AssertFoundAsync(user, search, search is not ("^col" or "-"));
        }
        finally
        {
            await DeleteAsync(user.Path);
        }
    }

    [Theory]
    [InlineData("Ann Lee", "bob")]
    [InlineData("Ann Lee", "annlee")]
    [InlineData("Ann Lee", "ann bob")]
    [InlineData("Ann Lee", "ann*")]
    [InlineData("Ann Lee", "a%n")]
    [InlineData("Ann Lee", "a_n")]
    [InlineData("Ann Lee", "ann OR bob")]
    [InlineData("Ann Lee", "\"ann")]
    [InlineData("がく", "かく")]
    [InlineData("김", "기")]
    public async Task Finds_nothing_else(string name, string search) =>
        await AssertFoundAsync(await NewUserAsync(name), search, isFound: false);

    [Fact]
    public async Task Exact_ones_come_first_then_starts_of_words_then_parts()
    {
        var mark = Mark();
        var part = await NewUserAsync($"x{mark} z");
        var start = await NewUserAsync($"a {mark}b");
        var whole = await NewUserAsync(mark);
        var address = await NewUserAsync("Ann", $"{mark}@example.org");
        var secondPart = await NewUserAsync($"x{mark}");

        Assert.Equal([whole.Id, start.Id, address.Id, part.Id, secondPart.Id], await IdsAsync($"q={mark}"));
        Assert.Equal([address.Id], await IdsAsync($"q={mark}%40example.org"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Pages_join_to_the_whole_result(int limit)
    {
        var mark = Mark();
        var users = new List<UserSeen>();
        for (var i = 0; i < 4; i++)
        {
            users.Add(await NewUserAsync($"x{mark}"));
            users.Add(await NewUserAsync($"{mark} {i}"));
            users.Add(await NewUserAsync(mark));
        }

        var found = new List<long>();
        var path = $"/v1/users?q={mark}&limit={limit}";
        var cursor = "";
        while (cursor is not null)
        {
            var page = (await GetAsync(path + (cursor.Length > 0 ? $"&cursor={cursor}" : ""))).Json;
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetInt64()));
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        Assert.Equal(
            users.Where((_, i) => i % 3 == 2).Concat(users.Where((_, i) => i % 3 == 1)).Concat(users.Where((_, i) => i % 3 == 0))
                .Select(user => user.Id), found);
    }

    [Fact]
    public async Task Finds_what_was_written_and_no_longer_what_was_changed_or_deleted()
    {
        var (first, second) = (Mark(), Mark());
        var user = await NewUserAsync(first);
        Assert.Equal([user.Id], await IdsAsync($"q={first}"));

        await PatchAsync(user.Path, $$"""{"name":"{{second}}"}""");
        Assert.Empty(await IdsAsync($"q={first}"));
        Assert.Equal([user.Id], await IdsAsync($"q={second}"));

        await PatchAsync(user.Path, $$"""{"externalId":"{{first}}-7"}""");
        Assert.Equal([user.Id], await IdsAsync($"q={first}-7"));

        await PatchAsync(user.Path, """{"active":false,"externalId":null}""");
        Assert.Empty(await IdsAsync($"q={first}"));
        Assert.Equal([user.Id], await IdsAsync($"q={second}&active=false"));

        await DeleteAsync(user.Path);
        Assert.Empty(await IdsAsync($"q={second}"));
    }

    [Fact]
    public async Task The_classic_surface_writes_what_is_found_too()
    {
        var (first, second) = (Mark(), Mark());
        var id = (await PostAsync("/user", Fields(first, NewEmail()))).Json.GetProperty("id").GetInt64();
        Assert.Equal([id], await IdsAsync($"q={first}"));

        await PostAsync($"/user/{id}", Fields(second, NewEmail()));

        Assert.Empty(await IdsAsync($"q={first}"));
        Assert.Equal([id], await IdsAsync($"q={second}"));
    }

    [Fact]
    public async Task Combines_with_filters_and_counts()
    {
        var mark = Mark();
        var (first, second) = (await NewUserAsync($"Ann {mark}"), await NewUserAsync($"Bob {mark}"));

        Assert.Equal([second.Id], await IdsAsync($"q={mark}&namePrefix=Bob"));
        Assert.Equal([second.Id], await IdsAsync($"q={mark}&createdAfter={first.CreatedAt}"));
        Assert.Equal([first.Id], await IdsAsync($"q={mark}&id={first.Id}"));
        Assert.Empty(await IdsAsync($"q={mark}&active=false"));
        Assert.Equal(2, (await GetAsync($"/v1/users?q={mark}&limit=1&count=true")).Json.GetProperty("total").GetInt64());
    }

    [Theory]
    [InlineData("q=", "?q q.empty")]
    [InlineData("q=%20%CC%81", "?q q.empty")]
    [InlineData("q=a%20b%20c%20d%20e%20f%20g%20h%20i", "?q q.tooManyWords")]
    [InlineData("q=a%01b", "?q q.malformed")]
    [InlineData("q=a%00", "?q q.malformed")]
    [InlineData("q=a&sort=id", "?sort sort.withSearch")]
    [InlineData("q=a&q=b", "?q parameter.repeated")]
    [InlineData("updatedAfter=x", "?updatedAfter updatedAfter.invalid")]
    [InlineData("updatedBefore=x", "?updatedBefore updatedBefore.invalid")]
    [InlineData("attributes.plan=pro", "?attributes.plan attribute.notIndexed")]
    [InlineData("attributes.=pro", "?attributes. attribute.notIndexed")]
    public async Task Rejects_what_it_cannot_search_for(string query, string error) =>
        (await GetAsync($"/v1/users?{query}")).IsProblem(400, "invalid-parameter", error);

    [Fact]
    public async Task Takes_two_hundred_characters_and_no_more()
    {
        Assert.Equal(200, (await GetAsync($"/v1/users?q={new string('a', 200)}")).Status);
        (await GetAsync($"/v1/users?q={new string('a', 201)}")).IsProblem(400, "invalid-parameter", "?q q.tooLong");
    }

    [Fact]
    public async Task A_cursor_belongs_to_what_was_searched_for()
    {
        var mark = Mark();
        await NewUserAsync(mark);
        await NewUserAsync(mark);
        var next = (await GetAsync($"/v1/users?q={mark}&limit=1")).Json.GetProperty("next").GetString();

        (await GetAsync($"/v1/users?q={Mark()}&cursor={next}")).IsProblem(400, "invalid-parameter", "?cursor cursor.invalid");
        (await GetAsync($"/v1/users?cursor={next}")).IsProblem(400, "invalid-parameter", "?cursor cursor.invalid");
    }

    [Fact]
    public async Task Finds_users_by_their_last_change()
    {
        var (first, second) = (await NewUserAsync(), await NewUserAsync());
        var changed = UserSeen.In(await PatchAsync(first.Path, """{"name":"Changed"}"""));
        var ids = $"id={first.Id},{second.Id}";

        Assert.Equal([first.Id], await IdsAsync($"{ids}&updatedAfter={second.UpdatedAt}"));
        Assert.Equal([second.Id], await IdsAsync($"{ids}&updatedBefore={changed.UpdatedAt}"));
        Assert.Empty(await IdsAsync($"{ids}&updatedAfter={changed.UpdatedAt}"));
        Assert.Equal(
            [first.Id], await IdsAsync($"updatedAfter={second.UpdatedAt}&createdBefore={second.CreatedAt}&sort=-updatedAt&{ids}"));
    }

    private static string Mark() => $"m{Guid.NewGuid():N}"[..16];

    private async Task AssertFoundAsync(UserSeen user, string search, bool isFound)
    {
        var ids = await IdsAsync($"q={Uri.EscapeDataString(search)}&id={user.Id}");
        Assert.True(ids.Contains(user.Id) == isFound, $"{search} and {user.Name}: found {ids.Count}");
        var last = await IdsAsync($"q={Uri.EscapeDataString(search)}&createdAfter={Before(user.CreatedAt)}&limit=200");
        Assert.True(last.Contains(user.Id) == isFound, $"{search} and {user.Name} by time: found {last.Count}");
    }

    private static string Before(string time) => $"{DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).AddTicks(-10).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}";

    private async Task<List<long>> IdsAsync(string query)
    {
        var answer = await GetAsync($"/v1/users?{query}");
        Assert.True(answer.Status == 200, answer.Text);
        return [.. answer.Json.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetInt64())];
    }
}
