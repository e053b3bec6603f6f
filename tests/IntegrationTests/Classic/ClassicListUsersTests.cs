using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Classic;

public abstract class ClassicListUsersTests(UsersService service) : HttpTests(service)
{
    [Theory]
    [InlineData("/users/")]
    [InlineData("/users")]
    public async Task Shows_all_users_in_id_order_without_times(string path)
    {
        foreach (var user in (await GetAsync("/users/")).Json.EnumerateArray())
            await DeleteAsync($"/user?user_id={user.GetProperty("id")}");
        (await GetAsync(path)).Is(200, "[]");

        var (zoe, ann) = (await NewUserAsync("Zoë"), await NewUserAsync("Ann"));

        (await GetAsync(path)).Is(200, $$"""
            [{"id":{{zoe.Id}},"name":"Zoë","email":"{{zoe.Email}}"},{"id":{{ann.Id}},"name":"Ann","email":"{{ann.Email}}"}]
            """);
    }

    [Fact]
    public async Task Ignores_unknown_parameters() => Assert.Equal(200, (await GetAsync("/users/?limit=1")).Status);
}
