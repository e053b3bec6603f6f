using UserCqrs.Application.Users;
using UserCqrs.Domain;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class StreamUsersTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(UserStream.BatchSize)]
    [InlineData(UserStream.BatchSize + 1)]
    public async Task Answers_all_users_in_id_order(int count)
    {
        await using (var db = _database.CreateWriteContext())
        {
            for (var i = 0; i < count; i++)
                db.Users.Add(User.Create(Data($"User {i}", $"{i}@example.org"), TestDatabase.Noon));
            await db.TrySaveAsync(TestContext.Current.CancellationToken);
        }

        var result = await new StreamUsersHandler(_database).Handle(new StreamUsers(UserFilter.None), TestContext.Current.CancellationToken);

        var ids = new List<long>();
        await foreach (var user in result.Value)
            ids.Add(user.Id);
        Assert.Equal(Enumerable.Range(1, count).Select(id => (long)id), ids);
    }

    [Fact]
    public async Task Answers_the_users_that_match_in_id_order()
    {
        for (var i = 1; i <= 5; i++)
            await _database.AddAsync(i % 2 == 0 ? "Ann" : "Bob", $"{i}@example.org");

        var result = await new StreamUsersHandler(_database).Handle(
            new StreamUsers(new(NamePrefix: "B", CreatedAfter: TestDatabase.Noon.AddDays(-1))), TestContext.Current.CancellationToken);

        var ids = new List<long>();
        await foreach (var user in result.Value)
            ids.Add(user.Id);
        Assert.Equal([1, 3, 5], ids);
    }

    [Fact]
    public void Checks_the_filter() => Assert.False(new StreamUsersValidator(IndexedAttributes.None).Validate(
        new StreamUsers(new(Email: "no address"))).IsValid);
}
