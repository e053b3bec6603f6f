using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

/// <summary>Lists that read in several queries, while before each of them a user is deleted or added.</summary>
public sealed class ChangingListTests : IDisposable
{
    private const int Users = 90_000;

    private readonly TestDatabase _database = new();

    // The names are in the order of the ids. The inactive users are far apart, so that walks end at their limit.
    public ChangingListTests() => _database.Execute($"""
        WITH RECURSIVE ids(id) AS (SELECT 10000 UNION ALL SELECT id + 1 FROM ids WHERE id < {9_999 + Users})
        INSERT INTO users (id, active, name, email, email_key, created_at, updated_at, version, search_text)
        SELECT id, NOT (id BETWEEN 59900 AND 60060 OR id > 80000), printf('N%06d', id), id || '@example.org', id || '@example.org', id, id, 1, '' FROM ids
        """);

    public void Dispose() => _database.Dispose();

    public static TheoryData<string, UserFilter, UserOrder> Lists() => new()
    {
        { "a walk that ends at its limit", new(Active: false), new(UserSort.Name) },
        { "a walk backwards", new(CreatedBefore: At(50_060), Active: true), new(UserSort.Name, Descending: true) },
        { "the entries of an index", new(CreatedAfter: At(30_000)), new(UserSort.Id) },
        { "the entries of an index, backwards", new(CreatedBefore: At(50_000)), new(UserSort.Id, Descending: true) },
        { "a walk by id", new(Active: true, CreatedAfter: At(40_000)), new(UserSort.Id) },
        { "few", new(CreatedAfter: At(95_000)), new(UserSort.Name) },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Nobody_is_skipped_or_repeated_while_others_are_deleted(string _, UserFilter filter, UserOrder order)
    {
        // Of those that match and those that do not, the first one in the list's order.
        var (matching, any) = (order.Descending ? 49_990 : 30_001, order.Descending ? 9_999 + Users : 10_000);
        var step = order.Descending ? -1 : 1;
        _database.Meanwhile = () =>
        {
            _database.Execute($"DELETE FROM users WHERE id IN ({matching}, {any})");
            (matching, any) = (matching + step, any + step);
        };

        await AssertCompleteAsync(filter, order);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Nobody_is_skipped_or_repeated_while_others_are_added(string _, UserFilter filter, UserOrder order)
    {
        var next = order.Descending ? 200_000 : 9_000;
        _database.Meanwhile = () =>
        {
            var id = order.Descending ? next++ : next--;
            _database.Execute($"""
                INSERT INTO users (id, active, name, email, email_key, created_at, updated_at, version, search_text)
                VALUES ({id}, {id % 2}, printf('N%06d', {id}), {id} || '@example.org', {id} || '@example.org', {id}, {id}, 1, '')
                """);
        };

        await AssertCompleteAsync(filter, order);
    }

    [Fact]
    public async Task A_new_user_is_indexed_without_a_look_at_the_others()
    {
        _database.UpdateSearch();

        var hundredsOfInstructions = await _database.CountWorkAsync(() => _database.AddAsync("Ann", "ann@example.org"));

        Assert.InRange(hundredsOfInstructions, 0, Users / 500);
    }

    private static DateTimeOffset At(int microseconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);

    private async Task AssertCompleteAsync(UserFilter filter, UserOrder order)
    {
        var handler = new ListUsersHandler(_database);
        var seen = new List<long>();
        string? cursor = null;
        do
        {
            var page = (await handler.Handle(new(filter, order, 200, cursor), TestContext.Current.CancellationToken)).Value;
            seen.AddRange(page.Items.Select(user => user.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        _database.Meanwhile = null;
        await using var db = _database.CreateReplicaContext();
        var left = filter.Of(db.Users).Select(user => user.Id).ToList().Where(id => id is >= 10_000 and < 10_000 + Users).ToList();
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(left.Except(seen));
    }
}
