using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class DeleteUserTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Removes_the_user_and_frees_the_email()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        Assert.Equal(ann.Id, (await HandleAsync(new(ann.Id, Precondition.VersionIn([1])))).Value);
        Assert.Null(await _database.FindAsync(ann.Id));

        await _database.AddAsync("Ann", "ann@example.org");
    }

    [Fact]
    public async Task Knows_no_user_of_another_id() =>
        Assert.Equal(Error.NotFound, (await HandleAsync(new(7, Precondition.None))).Error);

    [Fact]
    public async Task Refuses_a_version_that_has_passed_and_keeps_the_user()
    {
        var ann = await _database.AddAsync("Ann", "ann@example.org");

        Assert.Equal(Error.PreconditionFailed, (await HandleAsync(new(ann.Id, Precondition.VersionIn([2])))).Error);
        Assert.NotNull(await _database.FindAsync(ann.Id));
    }

    private async Task<Result<long>> HandleAsync(DeleteUser command)
    {
        await using var db = _database.CreateWriteContext();
        return await new DeleteUserHandler(db).Handle(command, TestContext.Current.CancellationToken);
    }
}
