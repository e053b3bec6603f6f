using NSubstitute;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class ListUsersTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    public static TheoryData<UserSort, bool> Orders() =>
        [.. Enum.GetValues<UserSort>().SelectMany(sort => new TheoryDataRow<UserSort, bool>[] { new(sort, false), new(sort, true) })];

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Pages_join_to_the_whole_list_in_order(UserSort sort, bool descending)
    {
        string[] names = ["Zoë", "anna", "Anna", "Anna", "山田", "🦊", "Émile", "Z", "anna", "~"];
        for (var i = 0; i < names.Length; i++)
            await _database.AddAsync(names[i], $"{(char)('j' - i)}@example.org", TestDatabase.Noon.AddSeconds(i / 3));
        var order = new UserOrder(sort, descending);

        var walked = new List<UserDto>();
        string? cursor = null;
        do
        {
            var page = (await HandleAsync(new(new UserFilter(), order, Limit: 3, cursor))).Value;
            Assert.True(page.Items.Count == 3 || page.Next is null);
            walked.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        var expected = walked.OrderBy(user => sort switch
        {
            UserSort.Name => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(user.Name)),
            UserSort.Email => user.Email,
            UserSort.CreatedAt => $"{user.CreatedAt:O}",
            UserSort.UpdatedAt => $"{user.UpdatedAt:O}",
            _ => "",
        }, StringComparer.Ordinal).ThenBy(user => user.Id).ToList();
        if (descending)
            expected.Reverse();
        Assert.Equal(names.Length, walked.Select(user => user.Id).Distinct().Count());
        Assert.Equal(expected, walked);
    }

    [Fact]
    public async Task Goes_on_by_the_keys_that_are_stored()
    {
        foreach (var letter in "abc")
            await _database.AddAsync($"{letter}", $"{letter}@example.org");
        await _database.ExecuteAsync($"UPDATE users SET email = {"no longer an address "} || name, email_key = {"key "} || name");
        var order = new UserOrder(UserSort.Email);

        var first = (await HandleAsync(new(new UserFilter(), order, Limit: 2))).Value;
        var second = (await HandleAsync(new(new UserFilter(), order, Limit: 2, first.Next))).Value;

        Assert.Equal(["a", "b", "c"], first.Items.Concat(second.Items).Select(user => user.Name));
    }

    [Theory]
    [InlineData(false, 2, 3)]
    [InlineData(true, 2, 1)]
    public async Task Ties_with_a_cursor_go_by_id_also_by_email(bool descending, int first, int second)
    {
        foreach (var letter in "abc")
            await _database.AddAsync($"{letter}", $"{letter}@example.org");
        var order = new UserOrder(UserSort.Email, descending);
        var filter = new UserFilter(Ids: [first, second]);

        var page = (await HandleAsync(new(filter, order, Limit: 1))).Value;

        Assert.Equal(first, Assert.Single(page.Items).Id);

        // Now the other user has the address of the user at the cursor.
        await _database.ExecuteAsync($"DELETE FROM users WHERE id = {first}");
        await _database.ExecuteAsync($"UPDATE users SET email_key = {"b@example.org"} WHERE id = {second}");

        Assert.Equal(second, Assert.Single((await HandleAsync(new(filter, order, Limit: 1, page.Next))).Value.Items).Id);
    }

    [Fact]
    public async Task Filters_by_each_member_alone_and_by_all_together()
    {
        for (var i = 1; i <= 6; i++)
            await _database.AddAsync(i % 2 == 0 ? $"Ann {i}" : $"Bob {i}", $"User{i}@example.org", TestDatabase.Noon.AddHours(i));

        Assert.Equal([3], await IdsAsync(new(Email: "uSER3@EXAMPLE.org")));
        Assert.Equal([2, 4, 6], await IdsAsync(new(NamePrefix: "Ann")));
        Assert.Equal([4], await IdsAsync(new(NamePrefix: "Ann 4")));
        Assert.Empty(await IdsAsync(new(NamePrefix: "ann")));
        Assert.Equal([5, 6], await IdsAsync(new(CreatedAfter: TestDatabase.Noon.AddHours(4))));
        Assert.Equal([1, 2], await IdsAsync(new(CreatedBefore: TestDatabase.Noon.AddHours(3))));
        Assert.Equal([1, 6], await IdsAsync(new(Ids: [6, 1, 99])));
        Assert.Equal([4], await IdsAsync(new("user4@example.org", "Ann", TestDatabase.Noon, TestDatabase.Noon.AddDays(1), [4, 5])));
    }

    [Fact]
    public async Task A_bound_finer_than_a_microsecond_excludes_nobody_before_it()
    {
        await _database.AddAsync("Ann", "ann@example.org", TestDatabase.Noon);

        Assert.Equal([1], await IdsAsync(new(CreatedBefore: TestDatabase.Noon.AddTicks(1))));
        Assert.Empty(await IdsAsync(new(CreatedAfter: TestDatabase.Noon.AddTicks(1))));
        Assert.Equal([1], await IdsAsync(new(CreatedBefore: DateTimeOffset.MaxValue)));
    }

    [Fact]
    public async Task A_prefix_may_end_in_the_last_character_there_is()
    {
        await _database.AddAsync("a\U0010FFFD1", "one@example.org");
        await _database.AddAsync("b", "two@example.org");
        await _database.AddAsync("\uD7FB퟿", "three@example.org");

        Assert.Equal([1], await IdsAsync(new(NamePrefix: "a\U0010FFFD")));
        Assert.Equal([3], await IdsAsync(new(NamePrefix: "\uD7FB")));
    }

    [Fact]
    public async Task A_count_that_takes_too_long_is_an_error_and_not_a_fault()
    {
        var replica = Substitute.For<IReplica>();
        replica.ReadAsync(Arg.Any<Func<ReplicaContext, Task<UserSlice?>>>(), TestContext.Current.CancellationToken).ReturnsForAnyArgs(new UserSlice([], null));
        replica.ReadLongAsync(Arg.Any<Func<ReplicaContext, Task<long>>>(), TestContext.Current.CancellationToken).ReturnsForAnyArgs<long>(
            call => throw new OperationCanceledException(call.Arg<CancellationToken>()));

        var result = await new ListUsersHandler(replica).Handle(
            new(UserFilter.None, default, Count: true), TestContext.Current.CancellationToken);

        Assert.Equal((ErrorKind.TimedOut, "count.timedOut"), (result.Error!.Kind, result.Error.Inputs[0].Code));
    }

    [Fact]
    public async Task An_empty_page_is_an_error_only_at_the_beginning_of_a_list()
    {
        var replica = Substitute.For<IReplica>();
        replica.ReadAsync(Arg.Any<Func<ReplicaContext, Task<UserSlice?>>>(), TestContext.Current.CancellationToken)
            .ReturnsForAnyArgs(new UserSlice([], UserCursor.At(7, 0), EndsEarly: true));
        var query = new ListUsers(new(NamePrefix: "A", CreatedAfter: TestDatabase.Noon), default);

        var first = await new ListUsersHandler(replica).Handle(query, TestContext.Current.CancellationToken);
        var second = await new ListUsersHandler(replica).Handle(
            query with { Cursor = new UserCursor(1, "", default).Encode(query) }, TestContext.Current.CancellationToken);

        Assert.Equal(("sort", "list.tooBroad"), (first.Error!.Inputs[0].Member, first.Error.Inputs[0].Code));
        Assert.Contains("Sort by name or createdAt", first.Error.Inputs[0].Detail);
        Assert.Empty(second.Value.Items);
        Assert.Equal(7, UserCursor.Decode(second.Value.Next!, query).Id);
    }

    [Fact]
    public async Task Counts_all_that_match_when_asked_and_only_then()
    {
        for (var i = 1; i <= 5; i++)
            await _database.AddAsync("Ann", $"{i}@example.org");
        var query = new ListUsers(new UserFilter(Ids: [1, 2, 3, 4]), default, Limit: 2);

        Assert.Null((await HandleAsync(query)).Value.Total);
        Assert.Equal(4, (await HandleAsync(query with { Count = true })).Value.Total);
    }

    [Fact]
    public async Task A_cursor_of_another_sort_or_filter_is_refused()
    {
        for (var i = 1; i <= 3; i++)
            await _database.AddAsync("Ann", $"{i}@example.org");
        var query = new ListUsers(new UserFilter(NamePrefix: "A"), new(UserSort.Name), Limit: 1);

        var cursor = (await HandleAsync(query)).Value.Next!;

        Assert.Empty(ErrorCodes(query with { Cursor = cursor }));
        Assert.Empty(ErrorCodes(query with { Cursor = cursor, Limit = 2, Count = true }));
        Assert.Equal(["cursor.invalid"], ErrorCodes(query with { Cursor = cursor, Order = new(UserSort.Id) }));
        Assert.Equal(["cursor.invalid"], ErrorCodes(query with { Cursor = cursor, Order = new(UserSort.Name, true) }));
        Assert.Equal(["cursor.invalid"], ErrorCodes(query with { Cursor = cursor, Filter = new(NamePrefix: "An") }));
    }

    [Fact]
    public void Names_every_parameter_that_breaks_a_rule()
    {
        var filter = new UserFilter("ann@", "", Ids: [.. Enumerable.Range(1, 201).Select(id => (long)id)]);

        Assert.Equal(
            ["cursor.invalid", "email.invalid", "id.count", "limit.outOfRange", "namePrefix.invalid"],
            ErrorCodes(new(filter, default, Limit: 0, Cursor: "?")).Order());
        Assert.Equal(["limit.outOfRange"], ErrorCodes(new(UserFilter.None, default, Limit: 201)));
    }

    private static IEnumerable<string> ErrorCodes(ListUsers query) =>
        new ListUsersValidator(IndexedAttributes.None).Validate(query).Errors.Select(failure => failure.ErrorCode);

    private async Task<IEnumerable<long>> IdsAsync(UserFilter filter) =>
        (await HandleAsync(new(filter, default))).Value.Items.Select(user => user.Id);

    private Task<Result<UserPage>> HandleAsync(ListUsers query) =>
        new ListUsersHandler(_database).Handle(query, TestContext.Current.CancellationToken);
}
