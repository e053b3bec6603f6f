using UserCqrs.Domain;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Domain;

public sealed class UserTests
{
    private const string Address = "Ann@example.org";

    private static readonly UserData Ann = Data("Ann", Address);

    private static readonly UserData Full = Ann with
    {
        ExternalId = ExternalId.Parse("hr-1"),
        Active = false,
        Attributes = UserAttributes.Parse("""{"plan":"pro"}"""),
    };

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

    [Fact]
    public void Starts_active_without_external_id_and_attributes_unless_they_are_given()
    {
        var plain = User.Create(Ann, TestDatabase.Noon);
        var full = User.Create(Full, TestDatabase.Noon);

        Assert.Equal((null, true, "{}"), (plain.ExternalId, plain.Active, plain.Attributes));
        Assert.Equal(("hr-1", false, """{"plan":"pro"}"""), (full.ExternalId, full.Active, full.Attributes));
    }

    [Fact]
    public void A_change_keeps_what_it_does_not_give()
    {
        var user = User.Create(Full, TestDatabase.Noon);

        user.Change(Data("Bea", Address), TestDatabase.Noon);

        Assert.Equal(("hr-1", false, """{"plan":"pro"}"""), (user.ExternalId, user.Active, user.Attributes));
    }

    public static readonly TheoryData<string, UserData> Changes = new()
    {
        { "external id", new() { ExternalId = ExternalId.Parse("HR-1") } },
        { "no external id", new() { ExternalId = new Optional<ExternalId?>(null) } },
        { "active", new() { Active = true } },
        { "attributes", new() { Attributes = UserAttributes.Parse("""{"plan":"free"}""") } },
        { "no attributes", new() { Attributes = UserAttributes.None } },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void Each_member_counts_as_a_change(string what, UserData change)
    {
        var user = User.Create(Full, TestDatabase.Noon);

        user.Change(change, TestDatabase.Noon);
        user.Change(change, TestDatabase.Noon);

        Assert.True(user.Version == 2, what);
    }

    [Fact]
    public void Attributes_that_are_equal_as_JSON_stay_as_they_were()
    {
        var user = User.Create(Full with { Attributes = UserAttributes.Parse("""{"a":1,"b":2.0}""") }, TestDatabase.Noon);

        user.Change(new() { Attributes = UserAttributes.Parse("""{"b":2,"a":1}""") }, TestDatabase.Noon);

        Assert.Equal((1, """{"a":1,"b":2.0}"""), (user.Version, user.Attributes));
    }
}
