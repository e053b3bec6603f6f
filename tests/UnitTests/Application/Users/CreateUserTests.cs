using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class CreateUserTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Stores_what_it_answers()
    {
        var user = (await HandleAsync("  Ann Lee ", "Ann@Example.org")).Value;

        var stored = await _database.FindAsync(1);
        Assert.Equal(new UserDto(1, "Ann Lee", "Ann@Example.org", TestDatabase.Noon, TestDatabase.Noon, 1), user);
        Assert.Equal(("Ann Lee", "Ann@Example.org", "ann@example.org", TestDatabase.Noon),
            (stored!.Name, stored.Email, stored.EmailKey, stored.CreatedAt));
    }

    [Theory]
    [InlineData("ANN@example.ORG")]
    [InlineData("ann@example.org")]
    public async Task Refuses_an_email_that_differs_only_in_case(string email)
    {
        await _database.AddAsync("Ann", "ann@example.org");

        Assert.Equal(UniqueIndexes.EmailTaken, (await HandleAsync("Bob", email)).Error);
    }

    [Fact]
    public async Task Refuses_an_email_whose_domain_is_another_spelling_of_one()
    {
        await _database.AddAsync("Ann", "ann@bücher.example");

        Assert.Equal(UniqueIndexes.EmailTaken, (await HandleAsync("Bob", "ann@XN--BCHER-KVA.example")).Error);
    }

    [Fact]
    public async Task Does_not_take_what_another_unique_index_refuses_for_a_taken_email()
    {
        await _database.ExecuteAsync($"CREATE UNIQUE INDEX other ON users (name)");
        await _database.AddAsync("Ann", "ann@example.org");

        await Assert.ThrowsAsync<DbUpdateException>(() => HandleAsync("Ann", "bea@example.org"));
        Assert.Equal(UniqueIndexes.EmailTaken, (await HandleAsync("Bea", "ann@example.org")).Error);
    }

    [Fact]
    public async Task Never_gives_an_id_again()
    {
        var first = await _database.AddAsync("Ann", "ann@example.org");

        await using (var db = _database.CreateWriteContext())
            await new DeleteUserHandler(db).Handle(new(first.Id, Precondition.None), TestContext.Current.CancellationToken);

        Assert.Equal(first.Id + 1, (await HandleAsync("Ann", "ann@example.org")).Value.Id);
    }

    [Fact]
    public void Names_every_member_that_breaks_a_rule()
    {
        var invalid = new CreateUserValidator(AttributesSchema.None).Validate(new CreateUser(Given("", "ann@"))).Errors;
        var absent = new CreateUserValidator(AttributesSchema.None).Validate(new CreateUser(Given(null, null))).Errors;

        Assert.Equal(["name.empty", "email.invalid"], invalid.Select(failure => failure.ErrorCode));
        Assert.Equal(["name.required", "email.required"], absent.Select(failure => failure.ErrorCode));
        Assert.All(invalid.Concat(absent), failure => Assert.EndsWith(".", failure.ErrorMessage, StringComparison.Ordinal));
    }

    private async Task<Result<UserDto>> HandleAsync(string name, string email)
    {
        await using var db = _database.CreateWriteContext();
        return await new CreateUserHandler(db, new StoppedClock(TestDatabase.Noon))
            .Handle(new CreateUser(Given(name, email)), TestContext.Current.CancellationToken);
    }
}
