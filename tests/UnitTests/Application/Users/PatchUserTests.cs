using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class PatchUserTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData("Bea", null, "Bea", "ann@example.org", 2)]
    [InlineData(null, "bea@example.org", "Ann", "bea@example.org", 2)]
    [InlineData("Bea", "bea@example.org", "Bea", "bea@example.org", 2)]
    [InlineData(null, null, "Ann", "ann@example.org", 1)]
    public async Task Changes_what_is_given(string? name, string? email, string expectedName, string expectedEmail, long version)
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        var user = (await HandleAsync(new(ann.Id, Given(name, email), Precondition.None))).Value;

        Assert.Equal((expectedName, expectedEmail, version), (user.Name, user.Email, user.Version));
    }

    // Rules and the Unicode library change; a value that was stored under older ones must not prevent a change.
    [Fact]
    public async Task Looks_at_no_member_that_is_not_given()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        await _database.ExecuteAsync(
            $"UPDATE users SET name = {new string('a', 999) + "\u202e"}, email = {"ann@no domain"}, email_key = {"as it was"}");

        Assert.Equal(2, (await HandleAsync(new(ann.Id, Given("Bea", null), Precondition.None))).Value.Version);
        Assert.Equal("as it was", (await _database.FindAsync(ann.Id))!.EmailKey);

        await _database.ExecuteAsync($"UPDATE users SET name = {"\u200b"}");

        Assert.Equal("\u200b", (await HandleAsync(new(ann.Id, Given(null, "bea@example.org"), Precondition.None))).Value.Name);
    }

    [Fact]
    public async Task Keeps_the_key_of_an_address_that_stays()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        await _database.ExecuteAsync($"UPDATE users SET email_key = {"as it was"}");

        await HandleAsync(new(ann.Id, Given("Bea", "ann@example.org"), Precondition.None));

        Assert.Equal("as it was", (await _database.FindAsync(ann.Id))!.EmailKey);
    }

    [Fact]
    public async Task Is_refused_as_a_replacement_is()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        await _database.AddAsync("Bob", "bob@example.org");

        Assert.Equal(Error.NotFound, (await HandleAsync(new(99, Given("Bea", null), Precondition.None))).Error);
        Assert.Equal(Error.PreconditionFailed, (await HandleAsync(new(ann.Id, Given("Bea", null), Precondition.VersionIn([7])))).Error);
        Assert.Equal(UniqueIndexes.EmailTaken, (await HandleAsync(new(ann.Id, Given(null, "bob@EXAMPLE.org"), Precondition.None))).Error);
    }

    [Fact]
    public void Absent_members_break_no_rule_and_given_ones_may()
    {
        var absent = new PatchUserValidator().Validate(new PatchUser(1, Given(null, null), Precondition.None)).Errors;
        var invalid = new PatchUserValidator().Validate(new PatchUser(1, Given(" ", "x"), Precondition.None)).Errors;

        Assert.Empty(absent);
        Assert.Equal(["name.empty", "email.invalid"], invalid.Select(failure => failure.ErrorCode));
    }

    [Fact]
    public async Task Merges_attributes_member_by_member_and_null_removes_them_all()
    {
        var ann = await _database.AddAsync(
            Data("Ann", "ann@example.org") with { Attributes = UserAttributes.Parse("""{"a":1,"b":{"c":2,"d":3}}""") });

        var merged = (await HandleAsync(new(ann.Id, Patch("""{"b":{"c":null,"e":4},"f":5}"""), Precondition.None))).Value;
        var empty = (await HandleAsync(new(ann.Id, Patch("{}"), Precondition.None))).Value;
        var cleared = (await HandleAsync(new(ann.Id, Patch(null), Precondition.None))).Value;

        Assert.Equal(("""{"a":1,"b":{"d":3,"e":4},"f":5}""", 2), (merged.Attributes, merged.Version));
        Assert.Equal(merged, empty);
        Assert.Equal(("{}", 3), (cleared.Attributes, cleared.Version));
    }

    [Fact]
    public async Task Refuses_a_patch_whose_result_breaks_a_rule()
    {
        var text = new string('x', 5_000);
        var ann = await _database.AddAsync(
            Data("Ann", "ann@example.org") with { Attributes = UserAttributes.Parse($$"""{"a":"{{text}}"}""") });
        var patch = Patch($$"""{"b":"{{text}}"}""");

        var error = (await HandleAsync(new(ann.Id, patch, Precondition.None))).Error;
        var stale = (await HandleAsync(new(ann.Id, patch, Precondition.VersionIn([7])))).Error;

        Assert.Equal(("attributes", "attributes.tooLarge"), (error!.Inputs[0].Member, error.Inputs[0].Code));
        Assert.Equal(Error.PreconditionFailed, stale);
        Assert.Equal(1, (await _database.FindAsync(ann.Id))!.Version);
    }

    private static UserInput Patch(string? attributes) => new() { Attributes = attributes };

    private async Task<Result<UserDto>> HandleAsync(PatchUser command)
    {
        await using var db = _database.CreateWriteContext();
        return await new PatchUserHandler(db, AttributesSchema.None, new StoppedClock(TestDatabase.Noon.AddHours(1)))
            .Handle(command, TestContext.Current.CancellationToken);
    }
}
