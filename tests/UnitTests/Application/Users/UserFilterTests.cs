using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class UserFilterTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(UserFilter.MaxIds, true)]
    [InlineData(UserFilter.MaxIds + 1, false)]
    public void Names_as_many_ids_as_are_allowed(int count, bool isValid)
    {
        var filter = new UserFilter(Ids: [.. Enumerable.Range(1, count).Select(id => (long)id)]);

        var errors = new UserFilterValidator(IndexedAttributes.None).Validate(filter).Errors;

        Assert.Equal(isValid, errors.Count == 0);
        Assert.All(errors, error => Assert.Contains($"{UserFilter.MaxIds}", error.ErrorMessage));
    }

    [Fact]
    public void Each_part_names_the_sort_that_shares_its_index()
    {
        Assert.Equal(UserSort.Email, new UserFilter(Email: "ann@example.org").IndexedLike());
        Assert.Equal(UserSort.Id, new UserFilter(Ids: [1]).IndexedLike());
        Assert.Equal(UserSort.Name, new UserFilter(NamePrefix: "Ann").IndexedLike());
        Assert.Equal(UserSort.Id, new UserFilter(ExternalId: "hr-1").IndexedLike());
        Assert.Equal(UserSort.Id, new UserFilter(Active: false).IndexedLike());
        Assert.Equal(UserSort.CreatedAt, new UserFilter(CreatedBefore: TestDatabase.Noon).IndexedLike());
        Assert.Equal(UserSort.CreatedAt, new UserFilter(CreatedAfter: TestDatabase.Noon).IndexedLike());
    }

    [Fact]
    public void Only_unique_members_match_few_for_certain()
    {
        Assert.True(new UserFilter(Email: "ann@example.org").MatchesFew);
        Assert.True(new UserFilter(Ids: [1]).MatchesFew);
        Assert.True(new UserFilter(ExternalId: "hr-1").MatchesFew);
        Assert.False(new UserFilter(Active: true).MatchesFew);
        Assert.False(new UserFilter(NamePrefix: "Ann").MatchesFew);
        Assert.False(UserFilter.None.MatchesFew);
    }

    [Fact]
    public void Is_the_same_filter_whatever_the_order_of_its_ids()
    {
        Assert.Equal(new UserFilter(Ids: [1, 2]).Canonical(), new UserFilter(Ids: [2, 1]).Canonical());
        Assert.NotEqual(new UserFilter(Ids: [1, 2]).Canonical(), new UserFilter(Ids: [1]).Canonical());
        Assert.NotEqual(new UserFilter(Ids: [1]).Canonical(), UserFilter.None.Canonical());
    }

    [Fact]
    public void A_cursor_from_before_a_filter_was_added_stays_valid()
    {
        Assert.Equal("\n\n\n\n", UserFilter.None.Canonical());
        Assert.Equal("\n\n\n\n\nexternalId=hr-1\nactive=False", new UserFilter(ExternalId: "hr-1", Active: false).Canonical());
    }
}
