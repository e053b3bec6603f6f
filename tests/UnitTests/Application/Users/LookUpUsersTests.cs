using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class LookUpUsersTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Returns_each_user_once_in_the_order_of_the_keys()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        var bob = await _database.AddAsync("Bob", "Bob@example.org");
        var cleo = await _database.AddAsync(Data("Cleo", "cleo@example.org") with { ExternalId = ExternalId.Parse("hr-1") });

        var found = await HandleAsync(new([bob.Id, bob.Id], ["CLEO@example.org", "ann@example.org"], ["hr-1"]));

        Assert.Equal([bob.Id, cleo.Id, ann.Id], found.Items.Select(user => user.Id));
        Assert.Empty(found.Missing.Ids);
        Assert.Empty(found.Missing.Emails);
        Assert.Empty(found.Missing.ExternalIds);
    }

    [Fact]
    public async Task Names_the_keys_that_no_user_has_as_they_were_given()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        var found = await HandleAsync(new(
            [99, -1, 99, ann.Id], ["B@example.org", "b@example.org", "Ann@example.org"], ["HR-1", "hr-1"]));

        Assert.Equal([ann.Id], found.Items.Select(user => user.Id));
        Assert.Equal([99, -1], found.Missing.Ids);
        Assert.Equal(["B@example.org", "b@example.org"], found.Missing.Emails);
        Assert.Equal(["HR-1", "hr-1"], found.Missing.ExternalIds);
    }

    [Fact]
    public async Task Costs_as_much_whatever_the_number_of_users()
    {
        for (var i = 0; i < 100; i++)
            await AddAsync(i);
        var few = await WorkAsync();
        for (var i = 100; i < 2_000; i++)
            await AddAsync(i);

        Assert.InRange(await WorkAsync(), 0, 2 * few + 5);

        Task<User> AddAsync(int i) =>
            _database.AddAsync(Data($"User {i}", $"user{i}@example.org") with { ExternalId = ExternalId.Parse($"x{i}") });
        Task<int> WorkAsync() => _database.CountWorkAsync(() => HandleAsync(new(
            [1, 2, 3, 99], ["user1@example.org", "user50@example.org"], ["x10", "x20", "x30"])));
    }

    [Theory]
    [InlineData(0, "keys.count")]
    [InlineData(1, null)]
    [InlineData(200, null)]
    [InlineData(201, "keys.count")]
    public void Has_1_to_200_keys_in_all(int count, string? code)
    {
        var keys = new UserKeys(
            [.. Enumerable.Range(1, count / 2).Select(id => (long)id)], [],
            [.. Enumerable.Range(1, count - count / 2).Select(id => $"x{id}")]);

        var error = new LookUpUsersValidator().Validate(new LookUpUsers(keys)).Errors.SingleOrDefault();

        Assert.Equal(code, error?.ErrorCode);
        Assert.Null(error is null ? null : InputError.MemberOf(error.PropertyName));
    }

    [Fact]
    public void Points_to_each_key_that_is_invalid()
    {
        var errors = new LookUpUsersValidator()
            .Validate(new LookUpUsers(new([1], ["ann@example.org", "ann"], ["", "x", new string('x', 256)]))).Errors;

        Assert.Equal(
            [("Keys.Emails", "/1", "email.invalid"), ("Keys.ExternalIds", "/0", "externalId.empty"), ("Keys.ExternalIds", "/2", "externalId.tooLong")],
            errors.Select(error => (error.PropertyName, (string)error.CustomState, error.ErrorCode)));
    }

    private async Task<UserLookup> HandleAsync(UserKeys keys)
    {
        await using var db = _database.CreateReadContext();
        return (await new LookUpUsersHandler(db).Handle(new(keys), TestContext.Current.CancellationToken)).Value;
    }
}
