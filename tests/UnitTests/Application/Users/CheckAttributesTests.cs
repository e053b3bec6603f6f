using UserCqrs.Application.Attributes;
using UserCqrs.Application.Users;
using UserCqrs.Domain;
using static UserCqrs.UnitTests.TestUsers;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class CheckAttributesTests : IDisposable
{
    private readonly TestDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Finds_every_user_whose_attributes_break_the_schema()
    {
        for (var i = 0; i < UserStream.BatchSize + 2; i++)
        {
            var attributes = UserAttributes.Parse(i % UserStream.BatchSize == 1 ? """{"plan":"gold"}""" : """{"plan":"pro"}""");
            await _database.AddAsync(Data($"User {i}", $"user{i}@example.org") with { Attributes = attributes });
        }

        var checks = await CheckAsync("""{"properties":{"plan":{"enum":["pro"]}}}""");

        Assert.Equal(UserStream.BatchSize + 2, checks.Count);
        Assert.Equal([(2, "/plan"), (UserStream.BatchSize + 2, "/plan")], checks.SelectMany(check => check.Violations.Select(rule => (check.UserId, rule.Path))));
    }

    [Theory]
    [InlineData("not JSON", "attributes.type")]
    [InlineData("[]", "attributes.type")]
    [InlineData("""{"a":null}""", "attributes.null")]
    public async Task Reports_what_another_program_has_written(string stored, string code)
    {
        await _database.AddAsync("Ann", "ann@example.org");
        await _database.ExecuteAsync($"UPDATE users SET attributes = {stored}");

        Assert.Equal(code, Assert.Single(Assert.Single(await CheckAsync("{}")).Violations).Code);
    }

    private async Task<List<CheckedAttributes>> CheckAsync(string schema)
    {
        var users = await new CheckAttributesHandler(_database, AttributesSchema.Parse(schema))
            .Handle(new CheckAttributes(), TestContext.Current.CancellationToken);
        return await users.Value.ToListAsync(TestContext.Current.CancellationToken);
    }
}
