using UserCqrs.Application.Users;
using UserCqrs.Infrastructure.Sqlite;

namespace UserCqrs.UnitTests.Infrastructure.Sqlite;

public sealed class UserCacheTests
{
    private readonly UserCache _cache = new(maxBytes: 16 * 1024);

    [Fact]
    public void Keeps_what_was_read_until_it_changes()
    {
        _cache.Fill(User(1), _cache.StartReading());
        Assert.Equal(User(1), _cache.Find(1));
        Assert.Null(_cache.Find(2));
        _cache.BeginCommit([1]);
        Assert.Null(_cache.Find(1));
        _cache.EndCommit();
        Assert.Null(_cache.Find(1));
    }

    [Fact]
    public void A_commit_of_others_drops_nothing()
    {
        _cache.Fill(User(1), _cache.StartReading());
        _cache.BeginCommit([2]);
        _cache.EndCommit();
        Assert.NotNull(_cache.Find(1));
    }

    [Fact]
    public void Takes_in_nothing_that_was_read_before_or_during_a_commit()
    {
        var before = _cache.StartReading();
        _cache.BeginCommit([2]);
        var during = _cache.StartReading();
        _cache.Fill(User(1), before);
        _cache.Fill(User(1), during);
        _cache.EndCommit();
        _cache.Fill(User(1), before);
        _cache.Fill(User(1), during);
        Assert.Null(_cache.Find(1));
        _cache.Fill(User(1), _cache.StartReading());
        Assert.NotNull(_cache.Find(1));
    }

    [Fact]
    public void Takes_no_more_memory_than_it_may()
    {
        const int sizeOfOne = 208 + 2 * (200 + 254 + 2);
        for (var id = 1; id <= 1000; id++)
            _cache.Fill(User(id) with { Name = new string('n', 200), Email = new string('e', 254) }, _cache.StartReading());
        var kept = Enumerable.Range(1, 1000).Count(id => _cache.Find(id) is not null);
        Assert.InRange(kept, 1, 16 * 1024 / sizeOfOne);
    }

    [Fact]
    public void Of_two_users_in_one_slot_the_later_stays()
    {
        var slots = 16 * 1024 / 288;
        _cache.Fill(User(1), _cache.StartReading());
        _cache.Fill(User(1 + slots), _cache.StartReading());
        Assert.Null(_cache.Find(1));
        Assert.Equal(1 + slots, _cache.Find(1 + slots)!.Id);
    }

    [Fact]
    public void Without_memory_it_is_off()
    {
        var off = new UserCache(maxBytes: 0);
        off.Fill(User(1), off.StartReading());
        off.BeginCommit([1]);
        off.EndCommit();
        Assert.Null(off.Find(1));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Any_id_may_be_looked_up(long id) => Assert.Null(_cache.Find(id));

    private static UserDto User(long id) => new(id, "Ann", "ann@example.org", TestDatabase.Noon, TestDatabase.Noon, 1);
}
