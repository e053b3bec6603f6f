using UserCqrs.Domain;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Domain;

public sealed class UserTests
{
    private const string Address = "Ann@example.org";

    private static readonly UserData Ann = Data("Ann", Address);

    [Fact]
    public void Starts_at_version_1_with_equal_times_in_whole_microseconds()
    {
        var user = User.Create(Ann, TestDatabase.Noon.AddTicks(17));

        Assert.Equal(1, user.Version);
        Assert.Equal(TestDatabase.Noon.AddMicroseconds(1), user.CreatedAt);
        Assert.Equal(user.CreatedAt, user.UpdatedAt);
    }

    [Fact]
    public void A_new_user_needs_a_name_and_an_address()
    {
        Assert.Throws<ArgumentException>("data", () => User.Create(Ann with { Name = default }, TestDatabase.Noon));
        Assert.Throws<ArgumentException>("data", () => User.Create(Ann with { Email = default }, TestDatabase.Noon));
        Assert.Throws<InvalidOperationException>(() => default(Optional<UserName>).Value);
    }

    [Fact]
    public void A_change_counts_and_moves_the_time()
    {
        var user = User.Create(Ann, TestDatabase.Noon);

        user.Change(Data("Ann Lee", Address), TestDatabase.Noon.AddHours(1));

        Assert.Equal(("Ann Lee", 2, TestDatabase.Noon.AddHours(1)), (user.Name, user.Version, user.UpdatedAt));
        Assert.Equal(TestDatabase.Noon, user.CreatedAt);
    }

    [Fact]
    public void A_change_of_case_in_the_address_is_a_change()
    {
        var user = User.Create(Ann, TestDatabase.Noon);

        user.Change(Data("Ann", "ann@example.org"), TestDatabase.Noon.AddHours(1));

        Assert.Equal(("ann@example.org", 2), (user.Email, user.Version));
    }

    [Fact]
    public void What_changes_nothing_is_no_change()
    {
        var user = User.Create(Ann, TestDatabase.Noon);

        user.Change(Ann, TestDatabase.Noon.AddHours(1));

        Assert.Equal((1, TestDatabase.Noon), (user.Version, user.UpdatedAt));
    }

    [Fact]
    public void Time_never_runs_backwards_though_the_clock_does()
    {
        var user = User.Create(Ann, TestDatabase.Noon);

        user.Change(Data("Bea", Address), TestDatabase.Noon.AddDays(-1));

        Assert.Equal(TestDatabase.Noon.AddMicroseconds(1), user.UpdatedAt);
    }
}
