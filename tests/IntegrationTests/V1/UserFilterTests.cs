using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.V1;

public abstract class UserFilterTests(UsersService service) : HttpTests(service)
{
    [Fact]
    public async Task Finds_a_user_by_email_in_whatever_case()
    {
        var user = await NewUserAsync();
        await NewUserAsync();

        Assert.Equal([user.Id], await IdsAsync($"email={user.Email.ToUpperInvariant()}"));
        Assert.Equal([user.Id], await IdsAsync($"email=%20{user.Email}%20"));
        Assert.Empty(await IdsAsync($"email=x{user.Email}"));
    }

    [Fact]
    public async Task Finds_users_by_the_start_of_their_names()
    {
        var mark = $"{Guid.NewGuid():N}";
        var (ann, annie) = (await NewUserAsync($"{mark} Ann"), await NewUserAsync($"{mark} Annie"));
        await NewUserAsync($"{mark} Bob");
        await NewUserAsync($"x {mark} Ann");

        Assert.Equal([ann.Id, annie.Id], await IdsAsync($"namePrefix={mark} Ann"));
        Assert.Equal([annie.Id], await IdsAsync($"namePrefix={mark} Anni"));
    }

    [Theory]
    [InlineData("100%", "1000")]
    [InlineData("a_b", "acb")]
    [InlineData("[a-z]", "b")]
    [InlineData("\\", "b")]
    [InlineData("'", "b")]
    [InlineData("\U0010fffd", "b")]
    public async Task Takes_no_character_of_a_prefix_for_a_pattern(string name, string other)
    {
        var mark = $"{Guid.NewGuid():N} ";
        var user = await NewUserAsync($"{mark}{name}!");
        await NewUserAsync($"{mark}{other}");

        Assert.Equal([user.Id], await IdsAsync($"namePrefix={Uri.EscapeDataString($"{mark}{name}")}"));
    }

    [Fact]
    public async Task Compares_a_prefix_in_composed_form()
    {
        var mark = $"{Guid.NewGuid():N} ";
        var user = await NewUserAsync($"{mark}Zoe\u0308");

        Assert.Equal([user.Id], await IdsAsync($"namePrefix={mark}{Uri.EscapeDataString("Zoe\u0308")}"));
        Assert.Equal([user.Id], await IdsAsync($"namePrefix={mark}{Uri.EscapeDataString("Zo\u00eb")}"));
    }

    [Fact]
    public async Task Finds_users_by_when_they_were_created_not_counting_the_time_itself()
    {
        var first = await NewUserAsync();
        var second = await NewUserAsync();
        var third = await NewUserAsync();

        Assert.Equal(
            [second.Id], await IdsAsync($"createdAfter={first.CreatedAt}&createdBefore={third.CreatedAt}"));
        Assert.Equal([third.Id], await IdsAsync($"createdAfter={second.CreatedAt}&id={first.Id},{second.Id},{third.Id}"));
        Assert.Equal([first.Id], await IdsAsync($"createdBefore={second.CreatedAt}&id={first.Id},{second.Id},{third.Id}"));
    }

    [Fact]
    public async Task Reads_times_with_an_offset()
    {
        var user = await NewUserAsync();

        Assert.Contains(user.Id, await IdsAsync("createdAfter=2020-01-01T02:00:00%2B02:00&limit=200"));
        Assert.Empty(await IdsAsync("createdBefore=2020-01-01T00:00:00.5-01:00"));
    }

    [Fact]
    public async Task Finds_users_by_ids_and_passes_over_those_that_are_not_there()
    {
        var (first, second) = (await NewUserAsync(), await NewUserAsync());
        await NewUserAsync();

        Assert.Equal([first.Id, second.Id], await IdsAsync($"id={second.Id},0,{first.Id},{first.Id}"));
    }

    [Fact]
    public async Task Takes_two_hundred_ids_and_no_more()
    {
        var ids = string.Join(',', Enumerable.Range(1, 200));

        Assert.Equal(200, (await GetAsync($"/v1/users?id={ids}")).Status);
        (await GetAsync($"/v1/users?id={ids},201")).IsProblem(400, "invalid-parameter", "?id id.count");
    }

    [Fact]
    public async Task Holds_all_filters_at_once()
    {
        var (ann, bob) = (await NewUserAsync("Ann"), await NewUserAsync("Bob"));

        Assert.Equal([ann.Id], await IdsAsync($"namePrefix=A&id={ann.Id},{bob.Id}"));
        Assert.Empty(await IdsAsync($"namePrefix=A&email={bob.Email}"));
    }

    [Fact]
    public async Task Finds_a_user_by_external_id_whose_case_counts()
    {
        var externalId = $"A {Guid.NewGuid():N}";
        var user = UserSeen.In(await PutAsync($"/v1/users/by-external-id/{Uri.EscapeDataString(externalId)}", Fields("Ann", NewEmail()), null));

        Assert.Equal([user.Id], await IdsAsync($"externalId={Uri.EscapeDataString(externalId)}"));
        Assert.Empty(await IdsAsync($"externalId={Uri.EscapeDataString(externalId.ToLowerInvariant())}"));
    }

    [Fact]
    public async Task Finds_users_who_are_active_or_not_in_every_order()
    {
        var (ann, bob, cleo) = (await NewUserAsync("Ann"), await NewUserAsync("Bob"), await NewUserAsync("Cleo"));
        await PatchAsync(bob.Path, """{"active":false}""");

        foreach (var sort in new[] { "id", "name", "createdAt" })
        {
            Assert.Equal([bob.Id], await IdsAsync($"active=false&sort={sort}&id={ann.Id},{bob.Id},{cleo.Id}"));
            Assert.Equal([cleo.Id, ann.Id], await IdsAsync($"active=true&sort=-{sort}&id={ann.Id},{bob.Id},{cleo.Id}"));
        }

        Assert.Contains(bob.Id, await IdsAsync("active=false&limit=200"));
        Assert.DoesNotContain(bob.Id, await IdsAsync("active=true&limit=200"));
    }

    [Theory]
    [InlineData("active=1", "?active active.invalid")]
    [InlineData("active=", "?active active.invalid")]
    [InlineData("externalId=", "?externalId externalId.empty")]
    [InlineData("externalId=a%0A", "?externalId externalId.controlCharacter")]
    [InlineData("email=no", "?email email.invalid")]
    [InlineData("email=", "?email email.invalid")]
    [InlineData("namePrefix=", "?namePrefix namePrefix.invalid")]
    [InlineData("namePrefix=%00", "?namePrefix namePrefix.invalid")]
    [InlineData("createdAfter=yesterday", "?createdAfter createdAfter.invalid")]
    [InlineData("createdAfter=2026-11-22", "?createdAfter createdAfter.invalid")]
    [InlineData("createdBefore=2026-11-22T07:00:00", "?createdBefore createdBefore.invalid")]
    [InlineData("id=one", "?id id.invalid")]
    [InlineData("id=1,,2", "?id id.invalid")]
    [InlineData("id=", "?id id.invalid")]
    public async Task Refuses_a_filter_that_it_cannot_read(string filter, string error) =>
        (await GetAsync($"/v1/users?{filter}")).IsProblem(400, "invalid-parameter", error);

    private async Task<long[]> IdsAsync(string query)
    {
        var page = await GetAsync($"/v1/users?{query}");
        Assert.True(page.Status == 200, page.Text);
        return [.. page.Json.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("id").GetInt64())];
    }
}
