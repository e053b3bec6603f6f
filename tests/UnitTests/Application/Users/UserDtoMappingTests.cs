using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class UserDtoMappingTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void The_database_reads_the_columns_of_the_DTO_and_no_others()
    {
        using var db = _database.CreateReplicaContext();

        Assert.Equal(
            """
            SELECT "u"."id", "u"."name", "u"."email", "u"."created_at", "u"."updated_at", "u"."version", "u"."external_id", "u"."active", "u"."attributes"
            FROM "users" AS "u"
            """,
            db.Users.Select(UserDtoMapping.Projection).ToQueryString());
        Assert.Equal(
            """
            SELECT "u"."id", "u"."name", "u"."email", "u"."created_at", "u"."updated_at", "u"."version", "u"."external_id", "u"."active", "u"."attributes", "u"."email_key"
            FROM "users" AS "u"
            """,
            db.Users.Select(UserDtoMapping.ProjectionWithKey).ToQueryString());
    }

    [Fact]
    public async Task Memory_and_SQL_agree()
    {
        var ann = await _database.AddAsync("Ann", "Ann@example.org");
        await using var db = _database.CreateReplicaContext();

        var read = await db.Users.Select(UserDtoMapping.Projection).SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new UserDto(ann.Id, "Ann", "Ann@example.org", TestDatabase.Noon, TestDatabase.Noon, 1), read);
        Assert.Equal(read, ann.ToDto());
    }

    [Fact]
    public async Task Lists_know_the_key()
    {
        await _database.AddAsync("Ann", "Ann@example.org");
        await using var db = _database.CreateReplicaContext();

        var read = await db.Users.Select(UserDtoMapping.ProjectionWithKey).SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal("ann@example.org", read.EmailKey);
    }
}
