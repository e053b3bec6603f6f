using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class GetUserTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Answers_the_user()
    {
        var ann = await _database.AddAsync("Ann", "Ann@example.org", TestDatabase.Noon.AddMicroseconds(123456));

        var user = (await HandleAsync(ann.Id)).Value;

        Assert.Equal(new UserDto(ann.Id, "Ann", "Ann@example.org", ann.CreatedAt, ann.UpdatedAt, 1), user);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public async Task Knows_no_user_of_another_id(long id) => Assert.Equal(Error.NotFound, (await HandleAsync(id)).Error);

    private async Task<Result<UserDto>> HandleAsync(long id)
    {
        await using var db = _database.CreateReadContext();
        return await new GetUserHandler(db).Handle(new GetUser(id), TestContext.Current.CancellationToken);
    }
}
