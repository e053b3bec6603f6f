using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class CachedLookUpUsersTests
{
    private static readonly UserLookup FromDatabase = new([User(1), User(3)], new([2], [], []));

    private readonly UserCache _cache = new(1_000_000);

    [Fact]
    public async Task Ids_that_are_all_cached_are_not_read()
    {
        _cache.Fill(User(1), _cache.StartReading());
        _cache.Fill(User(2), _cache.StartReading());

        var (lookup, isRead) = await LookUpAsync(new([2, 1, 2], [], []));

        Assert.False(isRead);
        Assert.Equal([2, 1], lookup.Items.Select(user => user.Id));
        Assert.Equal(0, lookup.Missing.Count);
    }

    [Fact]
    public async Task Everything_is_read_if_an_id_is_not_cached_and_then_it_is()
    {
        _cache.Fill(User(1), _cache.StartReading());

        Assert.Equal((FromDatabase, true), await LookUpAsync(new([1, 2, 3], [], [])));
        Assert.NotNull(_cache.Find(3));
        Assert.Null(_cache.Find(2));
    }

    [Fact]
    public async Task Other_keys_are_read()
    {
        _cache.Fill(User(1), _cache.StartReading());

        Assert.Equal((FromDatabase, true), await LookUpAsync(new([1], ["ann@example.org"], [])));
        Assert.Equal((FromDatabase, true), await LookUpAsync(new([1], [], ["x"])));
    }

    [Fact]
    public async Task What_was_read_while_a_change_was_committed_is_not_kept()
    {
        var behavior = new CachedLookUpUsers(_cache);

        await behavior.Handle(new LookUpUsers(new([3], [], [])), TestContext.Current.CancellationToken, () =>
        {
            _cache.BeginCommit([3]);
            _cache.EndCommit();
            return Task.FromResult(new Result<UserLookup>(FromDatabase));
        });

        Assert.Null(_cache.Find(3));
    }

    private async Task<(UserLookup Lookup, bool IsRead)> LookUpAsync(UserKeys keys)
    {
        var isRead = false;
        var result = await new CachedLookUpUsers(_cache).Handle(new LookUpUsers(keys), TestContext.Current.CancellationToken, () =>
        {
            isRead = true;
            return Task.FromResult(new Result<UserLookup>(FromDatabase));
        });
        return (result.Value, isRead);
    }

    private static UserDto User(long id) => new(id, "Ann", "ann@example.org", TestDatabase.Noon, TestDatabase.Noon, 1);
}
