using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

/// <summary>Lists of so many users that a bad plan is visible. The orders by the different keys are the same or opposite.</summary>
public sealed class UserListPlanTests(UserListPlanTests.ManyUsers many) : IClassFixture<UserListPlanTests.ManyUsers>
{
    private const int Users = 25_000;

    /// <summary>Counting a user in an index, reading it and sorting it takes fewer than 50 instructions of SQLite's virtual machine.</summary>
    private const int InstructionsPerUser = 50;

    public static TheoryData<string, UserFilter> Filters() => new()
    {
        { "a few at the end", new(CreatedAfter: At(Users - 10)) },
        { "a few at the beginning", new(CreatedBefore: At(10)) },
        { "a few in the middle", new(CreatedAfter: At(12_000), CreatedBefore: At(12_010)) },
        { "a few by name", new(NamePrefix: "Name 777") },
        { "more by name than are sorted", new(NamePrefix: "Name 1") },
        { "more than are sorted, at the end", new(CreatedAfter: At(Users / 2)) },
        { "more than are sorted, at the beginning", new(CreatedBefore: At(Users / 2)) },
        { "all", new(CreatedAfter: At(-1)) },
        { "many and all", new(NamePrefix: "Name 1", CreatedAfter: At(-1)) },
        { "many and many, few of them the same", new(NamePrefix: "Name 1", CreatedAfter: At(Users - 10_500)) },
        { "few and many", new(NamePrefix: "Name 24", CreatedBefore: At(Users / 2)) },
        { "ids", new(Ids: [1, 12_000, Users]) },
        { "an address", new(Email: "user12000@example.org") },
        { "the few who are inactive", new(Active: false) },
        { "nearly all, who are active", new(Active: true) },
        { "many, and few of them inactive", new(NamePrefix: "Name 1", Active: false) },
        { "many, and nearly all of them active", new(NamePrefix: "Name 1", CreatedAfter: At(Users / 2), Active: true) },
        { "an external id", new(ExternalId: "x12000") },
        { "a few by their last change", new(UpdatedAfter: At(2 * Users - 20)) },
        { "many by their last change, and all", new(UpdatedBefore: At(Users), CreatedAfter: At(-1)) },
        { "an attribute of a few", new(Attributes: [new("plan", "rare")]) },
        { "an attribute of half, and many", new(Attributes: [new("plan", "pro")], CreatedBefore: At(Users / 2)) },
        { "an address and a name", new(Email: "user12000@example.org", NamePrefix: "Name") },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Finds_the_same_pages_as_a_look_at_every_user(string _, UserFilter filter)
    {
        foreach (var (sort, descending) in Orders())
        {
            var order = new UserOrder(sort, descending);
            var expected = many.In(order).Where(user => Matches(filter, user)).ToList();

            var first = await ListAsync(new(filter, order, Limit: 50, Count: true));
            var second = first.Next is null ? null : await ListAsync(new(filter, order, Limit: 150, first.Next));

            Assert.Equal(expected.Count, first.Total);
            Assert.Equal(expected.Take(200).Select(user => user.Id), first.Items.Concat(second?.Items ?? []).Select(user => user.Id));
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Never_visits_more_users_than_the_walks_do(string _, UserFilter filter)
    {
        var fewest = filter.Parts().Select(part => many.In(default).Count(user => Matches(part, user))).DefaultIfEmpty(Users).Min();
        foreach (var (sort, descending) in Orders())
        {
            var work = 100L * await many.Database.CountWorkAsync(() => ListAsync(new(filter, new UserOrder(sort, descending))));

            var bound = fewest <= UserListPlan.Few ? fewest + 1_000 : 3 * Users + UserListPlan.WalksAlong(sort).Sum(length => Math.Min(length, Users));
            Assert.True(work <= bound * InstructionsPerUser, $"{sort}, descending {descending}: {work} instructions for {fewest} matches.");
        }
    }

    public static TheoryData<UserSort, bool, UserFilter> LongLists()
    {
        var all = new UserFilter(NamePrefix: "Name", CreatedAfter: At(-1), CreatedBefore: At(3 * Users), UpdatedAfter: At(-1), UpdatedBefore: At(3 * Users));
        var lists = new TheoryData<UserSort, bool, UserFilter>();
        foreach (var (sort, descending) in Orders())
        {
            lists.Add(sort, descending, new());
            lists.Add(sort, descending, all);
            lists.Add(sort, descending, all with { Active = true });
        }

        foreach (var descending in new[] { false, true })
        {
            lists.Add(UserSort.Name, descending, new(NamePrefix: all.NamePrefix));
            lists.Add(UserSort.CreatedAt, descending, new(CreatedAfter: all.CreatedAfter, CreatedBefore: all.CreatedBefore));
            lists.Add(UserSort.UpdatedAt, descending, new(UpdatedAfter: all.UpdatedAfter, UpdatedBefore: all.UpdatedBefore));
        }

        return lists;
    }

    [Theory]
    [MemberData(nameof(LongLists))]
    public async Task A_page_deep_in_a_list_costs_what_the_first_page_costs(UserSort sort, bool descending, UserFilter filter)
    {
        var list = new ListUsers(filter, new UserOrder(sort, descending));
        var first = await many.Database.CountWorkAsync(() => ListAsync(list));
        var before = many.In(list.Order).Where(user => Matches(filter, user)).ElementAt(Users * 9 / 10);

        var deep = await many.Database.CountWorkAsync(() => ListAsync(list with { Cursor = UserCursor.At(before, list.Order).Encode(list) }));

        Assert.True(deep <= first + (5 * list.Limit), $"The first page took {first} hundred instructions, the deep one {deep}.");
    }

    [Fact]
    public async Task Nobody_is_cut_off_by_users_who_come_after_the_count()
    {
        using var database = new TestDatabase();
        database.Execute($"""
            WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < {UserListPlan.Few})
            INSERT INTO users (id, name, email, email_key, created_at, updated_at, version)
            SELECT id, printf('P%05d', id), id || '@example.org', id || '@example.org', 1, 1, 1 FROM ids
            """);
        await using var db = database.CreateReplicaContext();
        var order = new UserOrder(UserSort.Id, Descending: true);
        var plan = await UserListPlan.ChooseAsync(db, new UserFilter(NamePrefix: "P"), TestContext.Current.CancellationToken);
        await database.AddAsync("P0", "first@example.org");

        var last = await plan.TakeAsync(order, after: null, limit: 2, Patience.Long, TestContext.Current.CancellationToken);

        Assert.Equal([UserListPlan.Few + 1, UserListPlan.Few], last!.Users.Select(user => user.Id));
    }

    private static IEnumerable<(UserSort Sort, bool Descending)> Orders() =>
        Enum.GetValues<UserSort>().SelectMany(sort => new[] { (sort, false), (sort, true) });

    private static DateTimeOffset At(int minute) => TestDatabase.Noon.AddMinutes(minute);

    internal static bool Matches(UserFilter filter, UserDto user) =>
        (filter.Email is null || user.Email == filter.Email)
        && (filter.NamePrefix is null || user.Name.StartsWith(filter.NamePrefix, StringComparison.Ordinal))
        && !(user.CreatedAt <= filter.CreatedAfter) && !(user.CreatedAt >= filter.CreatedBefore)
        && !(user.UpdatedAt <= filter.UpdatedAfter) && !(user.UpdatedAt >= filter.UpdatedBefore)
        && (filter.Attributes is null || filter.Attributes.All(attribute => user.Attributes == $$"""{"{{attribute.Path}}":"{{attribute.Value}}"}"""))
        && (filter.Ids is null || filter.Ids.Contains(user.Id))
        && (filter.ExternalId is null || user.ExternalId == filter.ExternalId) && (filter.Active is null || user.Active == filter.Active);

    private async Task<UserPage> ListAsync(ListUsers query) =>
        (await new ListUsersHandler(many.Database).Handle(query, TestContext.Current.CancellationToken)).Value;

    /// <summary>Users created later come earlier by name and by e-mail address; every second user was changed at the end.</summary>
    public sealed class ManyUsers : IAsyncLifetime
    {
        private readonly Dictionary<UserOrder, List<UserDto>> _users = [];

        public async ValueTask InitializeAsync()
        {
            var noon = TestDatabase.Noon.ToUnixTimeMilliseconds() * 1000;
            Database.Execute($"""
                WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < {Users})
                INSERT INTO users (id, external_id, attributes, active, name, email, email_key, created_at, updated_at, version)
                SELECT id, 'x' || id, json_object('plan', iif(id % 1000 = 9, 'rare', iif(id % 2, 'pro', 'free'))), id % 1000 <> 7, 'Name ' || ({Users} - id), printf('user%05d@example.org', {Users} - id), printf('user%05d@example.org', {Users} - id),
                    {noon} + id * 60000000, {noon} + iif(id % 2, id, {2 * Users} - id) * 60000000, 1 FROM ids
                """);
            await Database.IndexAttributesAsync("plan");
            await using var db = Database.CreateReplicaContext();
            var users = db.Users.OrderBy(user => user.Id).Select(UserDtoMapping.ProjectionWithKey).ToList();
            foreach (var (sort, _) in Orders())
            {
                var inOrder = users.OrderBy(user => KeyOf(sort, user), StringComparer.Ordinal).ToList();
                _users[new(sort, Descending: false)] = inOrder;
                _users[new(sort, Descending: true)] = [.. inOrder.AsEnumerable().Reverse()];
            }
        }

        public TestDatabase Database { get; } = new();

        public IReadOnlyList<UserDto> In(UserOrder order) => _users[order];

        public ValueTask DisposeAsync()
        {
            Database.Dispose();
            return ValueTask.CompletedTask;
        }

        private static string KeyOf(UserSort sort, UserDto user) => sort switch
        {
            UserSort.Name => user.Name,
            UserSort.Email => user.Email,
            UserSort.CreatedAt => $"{user.CreatedAt.UtcTicks:D20}",
            UserSort.UpdatedAt => $"{user.UpdatedAt.UtcTicks:D20}",
            _ => "",
        };
    }
}
