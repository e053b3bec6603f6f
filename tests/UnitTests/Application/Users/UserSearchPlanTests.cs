using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Application.Users;

/// <summary>Searches among so many users that each way of finding them is taken, compared with a look at every user.</summary>
public sealed class UserSearchPlanTests(UserSearchPlanTests.ManyUsers many) : IClassFixture<UserSearchPlanTests.ManyUsers>
{
    private const int Users = 12_000;

    public static TheoryData<string, UserFilter> Searches() => new()
    {
        { "nobody", UserFilter.None },
        { "common", UserFilter.None },
        { "mmo", UserFilter.None },
        { "common 77", UserFilter.None },
        { "seldom", UserFilter.None },
        { "common seldom", UserFilter.None },
        { "u7", UserFilter.None },
        { "7", UserFilter.None },
        { "q", UserFilter.None },
        { "om", UserFilter.None },
        { "zq", UserFilter.None },
        { "user777@example.org", UserFilter.None },
        { "common one", UserFilter.None },
        { "common", new(Active: false) },
        { "common", new(CreatedAfter: At(Users - 20)) },
        { "seldom", new(CreatedBefore: At(Users / 2)) },
        { "common", new(CreatedBefore: At(11_500)) },
        { "7", new(CreatedAfter: At(100)) },
        { "common", new(Ids: [1, 2, 3]) },
        { "common", new(Email: "user4@example.org") },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Finds_the_same_pages_as_a_look_at_every_user(string text, UserFilter filter)
    {
        var search = new UserSearch(text);
        var expected = many.All.Where(user => UserListPlanTests.Matches(filter, user))
            .Select(user => (Rank: search.RankOf(SearchText.Of(user.Name, user.Email, user.ExternalId)), user.Id))
            .Where(user => user.Rank >= 0).Order().Select(user => user.Id).ToList();

        var found = new List<long>();
        string? cursor = null;
        do
        {
            var query = new ListUsers(filter, default, Limit: 200, cursor, Count: cursor is null, text);
            var page = (await new ListUsersHandler(many.Database).Handle(query, TestContext.Current.CancellationToken)).Value;
            if (cursor is null)
                Assert.Equal(expected.Count, page.Total);
            found.AddRange(page.Items.Select(user => user.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Every_page_of_a_common_word_costs_the_same()
    {
        var costs = new List<int>();
        string? cursor = null;
        for (var page = 0; page < 100; page++)
        {
            costs.Add(await many.Database.CountWorkAsync(async () => cursor =
                (await new ListUsersHandler(many.Database).Handle(
                    new(UserFilter.None, default, 50, cursor, Search: "common"), TestContext.Current.CancellationToken)).Value.Next));
        }

        Assert.InRange(costs[99], 1, 1.2 * costs[1]);
    }

    private static DateTimeOffset At(int minute) => TestDatabase.Noon.AddMinutes(minute);

    public sealed class ManyUsers : IDisposable
    {
        public ManyUsers()
        {
            var noon = TestDatabase.Noon.ToUnixTimeMilliseconds() * 1000;
            Database.Execute($"""
                WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < {Users})
                INSERT INTO users (id, external_id, active, name, email, email_key, created_at, updated_at, version)
                SELECT id, iif(id % 3, 'u' || id, NULL), id % 1000 <> 7,
                    CASE WHEN id % 2000 = 0 THEN 'Seldom zq' || id WHEN id = 5000 THEN 'Common' WHEN id % 5 = 1 THEN 'Uncommon One'
                        WHEN id % 100 = 2 THEN 'common one' ELSE 'Commón ' || id END,
                    'user' || id || '@example.org', 'user' || id || '@example.org',
                    {noon} + id * 60000000, {noon} + id * 60000000, 1 FROM ids
                """);
            Database.UpdateSearch();
            using var db = Database.CreateReplicaContext();
            All = [.. db.Users.OrderBy(user => user.Id).Select(UserDtoMapping.Projection)];
        }

        public TestDatabase Database { get; } = new();

        public IReadOnlyList<UserDto> All { get; }

        public void Dispose() => Database.Dispose();
    }
}
