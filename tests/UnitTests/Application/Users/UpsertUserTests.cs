using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class UpsertUserTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Creates_then_replaces_then_changes_nothing()
    {
        var created = (await HandleAsync("hr-1", Given("Ann", "ann@example.org"))).Value;
        var replaced = (await HandleAsync("hr-1", Given("Bea", "bea@example.org"))).Value;
        var again = (await HandleAsync("hr-1", Given("Bea", "bea@example.org"))).Value;

        Assert.Equal((true, "hr-1", "Ann", 1), (created.IsNew, created.User.ExternalId, created.User.Name, created.User.Version));
        Assert.Equal((false, created.User.Id, "Bea", 2), (replaced.IsNew, replaced.User.Id, replaced.User.Name, replaced.User.Version));
        Assert.Equal(replaced, again);
    }

    [Fact]
    public async Task Keeps_what_is_not_given()
    {
        await HandleAsync("hr-1", Given("Ann", "ann@example.org") with { Active = false, Attributes = """{"plan":"pro"}""" });

        var user = (await HandleAsync("hr-1", Given("Bea", "ann@example.org"))).Value.User;

        Assert.Equal((false, """{"plan":"pro"}"""), (user.Active, user.Attributes));
    }

    [Fact]
    public async Task Refuses_the_address_of_another_user()
    {
        await _database.AddAsync("Bob", "bob@example.org");
        await HandleAsync("hr-1", Given("Ann", "ann@example.org"));

        Assert.Equal(UniqueIndexes.EmailTaken, (await HandleAsync("hr-2", Given("Bea", "BOB@example.org"))).Error);
        Assert.Equal(UniqueIndexes.EmailTaken, (await HandleAsync("hr-1", Given("Ann", "BOB@example.org"))).Error);
    }

    [Fact]
    public async Task Evaluates_preconditions_of_a_user_that_exists_and_of_one_that_does_not()
    {
        var ann = Given("Ann", "ann@example.org");

        Assert.Equal(Error.PreconditionFailed, (await HandleAsync("hr-1", ann, Precondition.AnyUser)).Error);
        Assert.Equal(Error.PreconditionFailed, (await HandleAsync("hr-1", ann, Precondition.VersionIn([1]))).Error);
        Assert.True((await HandleAsync("hr-1", ann, Precondition.NoUser)).Value.IsNew);
        Assert.Equal(Error.PreconditionFailed, (await HandleAsync("hr-1", ann, Precondition.NoUser)).Error);
        Assert.Equal(Error.PreconditionFailed, (await HandleAsync("hr-1", ann, Precondition.VersionIn([2]))).Error);
        Assert.False((await HandleAsync("hr-1", ann, Precondition.VersionIn([1]))).Value.IsNew);
    }

    [Fact]
    public async Task Replaces_a_user_that_another_command_creates_meanwhile()
    {
        await using var db = _database.CreateWriteContext();
        var isCreated = false;
        db.SavingChanges += (_, _) =>
        {
            if (!isCreated)
                _database.Execute("""
                    INSERT INTO users (name, email, email_key, external_id, created_at, updated_at, version)
                    VALUES ('Ann', 'ann@example.org', 'ann@example.org', 'hr-1', 0, 0, 1)
                    """);
            isCreated = true;
        };

        var result = await HandleAsync(db, new("hr-1", Given("Bea", "ann@example.org"), Precondition.None));

        Assert.Equal((false, "Bea", 2), (result.Value.IsNew, result.Value.User.Name, result.Value.User.Version));
        Assert.Equal(1, await _database.CreateReadContext().Users.CountAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("hr-1", "hr-1", null)]
    [InlineData("hr-1", "hr-2", "externalId.different")]
    [InlineData("hr-1", null, "externalId.different")]
    [InlineData("", "", "externalId.empty")]
    public void The_external_id_of_the_body_is_that_of_the_path(string path, string? body, string? code)
    {
        var command = new UpsertUser(path, Given("Ann", "ann@example.org") with { ExternalId = body }, Precondition.None);

        Assert.Equal(code, new UpsertUserValidator(AttributesSchema.None).Validate(command).Errors.SingleOrDefault()?.ErrorCode);
    }

    [Fact]
    public void Required_members_must_be_given() => Assert.Equal(
        ["name.required", "email.required"],
        new UpsertUserValidator(AttributesSchema.None).Validate(new UpsertUser("hr-1", Given(null, null), Precondition.None)).Errors
            .Select(failure => failure.ErrorCode));

    private async Task<Result<UpsertedUser>> HandleAsync(string externalId, UserInput input, Precondition? precondition = null)
    {
        await using var db = _database.CreateWriteContext();
        return await HandleAsync(db, new(externalId, input, precondition ?? Precondition.None));
    }

    private static Task<Result<UpsertedUser>> HandleAsync(WriteContext db, UpsertUser command) =>
        new UpsertUserHandler(db, AttributesSchema.None, new StoppedClock(TestDatabase.Noon)).Handle(command, TestContext.Current.CancellationToken);
}
