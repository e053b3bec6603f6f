using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class ReplaceUserTests : IDisposable
{
    private static readonly DateTimeOffset Later = TestDatabase.Noon.AddHours(1);

    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Replaces_name_and_email()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        var user = (await HandleAsync(new(ann.Id, Given("Bea", "bea@example.org"), Precondition.VersionIn([1])))).Value;

        Assert.Equal(new UserDto(ann.Id, "Bea", "bea@example.org", TestDatabase.Noon, Later, 2), user);
        Assert.Equal("bea@example.org", (await _database.FindAsync(ann.Id))!.EmailKey);
    }

    [Fact]
    public async Task Leaves_version_and_time_when_nothing_changes()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        var user = (await HandleAsync(new(ann.Id, Given(" Ann ", "ann@example.org"), Precondition.None))).Value;

        Assert.Equal((1, TestDatabase.Noon), (user.Version, user.UpdatedAt));
    }

    [Fact]
    public async Task Knows_no_user_of_another_id_whatever_the_precondition() =>
        Assert.Equal(Error.NotFound, (await HandleAsync(new(1, Given("Ann", "ann@example.org"), Precondition.Missing))).Error);

    [Fact]
    public async Task Asks_for_the_version_when_it_must_be_named()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        var result = await HandleAsync(new(ann.Id, Given("Bea", "bea@example.org"), Precondition.Missing));

        Assert.Equal(Error.PreconditionRequired, result.Error);
    }

    [Fact]
    public async Task Refuses_a_version_that_has_passed_and_changes_nothing()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        var result = await HandleAsync(new(ann.Id, Given("Bea", "bea@example.org"), Precondition.VersionIn([2, 3])));

        Assert.Equal(Error.PreconditionFailed, result.Error);
        Assert.Equal("Ann", (await _database.FindAsync(ann.Id))!.Name);
    }

    [Fact]
    public async Task Refuses_the_email_of_another_user_but_not_its_own_in_another_case()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        await _database.AddAsync("Bob", "bob@example.org");

        Assert.Equal(UniqueIndexes.EmailTaken, (await HandleAsync(new(ann.Id, Given("Ann", "BOB@example.org"), Precondition.None))).Error);
        Assert.Equal("ANN@example.org", (await HandleAsync(new(ann.Id, Given("Ann", "ANN@example.org"), Precondition.None))).Value.Email);
    }

    [Fact]
    public async Task The_update_itself_checks_the_version()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");
        await using var db = _database.CreateWriteContext();
        var read = db.Users.Single(user => user.Id == ann.Id);

        await HandleAsync(new(ann.Id, Given("Bea", "ann@example.org"), Precondition.None));
        read.Change(Data("Cee", "ann@example.org"), Later);

        await Assert.ThrowsAsync<Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException>(
            () => db.TrySaveAsync(TestContext.Current.CancellationToken));
    }

    private async Task<Result<UserDto>> HandleAsync(ReplaceUser command)
    {
        await using var db = _database.CreateWriteContext();
        return await new ReplaceUserHandler(db, new StoppedClock(Later)).Handle(command, TestContext.Current.CancellationToken);
    }
}
