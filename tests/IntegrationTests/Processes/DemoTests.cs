using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>The command <c>demo</c>.</summary>
[Collection(nameof(Alone))]
public sealed class DemoTests : ProcessTests
{
    [Theory]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Fills_an_empty_database_with_people_who_are_found(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);

        var (exitCode, output) = await CommandRun.RunAsync(["demo", "--users", "500"], database.Url);

        Assert.True(exitCode == 0, output);
        Assert.Contains("500 invented people are in", output);
        await using (var service = await AnyUsersService.StartAsync(database.Url))
        {
            var response = await Response.ReadAsync(
                await service.Client.GetAsync("/v1/users?q=mail.example&count=true&limit=200", Cancelled), Cancelled);
            Assert.InRange(response.Json.GetProperty("total").GetInt64(), 150, 350);
            Assert.Equal(501, await CreateAsync(service.Client, "Next", "next@example.org"));
        }

        (exitCode, output) = await CommandRun.RunAsync(["demo", "--users", "500"], database.Url);
        Assert.True(exitCode == 78, output);
        Assert.Contains("There are 501 users in", output);
        Assert.Equal(501, (await database.ReadUsersAsync()).Count);
    }

    [Fact]
    public async Task Invents_the_same_people_for_the_same_seed_whose_addresses_belong_to_nobody()
    {
        var people = new List<Dictionary<string, string>>();
        foreach (var seed in new[] { "1", "1", "2" })
        {
            await using var database = await ProcessDatabase.StartAsync(ProcessDatabase.Sqlite);
            Assert.Equal(0, (await CommandRun.RunAsync(["demo", "--users", "300", "--seed", seed], database.Url)).ExitCode);
            people.Add(await database.ReadUsersAsync());
        }

        Assert.Equal(people[0], people[1]);
        Assert.NotEqual(people[0], people[2]);
        Assert.All(people[0].Keys, email => Assert.Matches(@"[@.](example|example\.(com|org|net))$", email));
        Assert.Contains(people[0].Values, name => name.Any(character => character > '\u0600'));
    }

    [Theory]
    [InlineData("--users", "demo")]
    [InlineData("1 to 100,000,000", "demo", "--users", "0")]
    [InlineData("1 to 100,000,000", "demo", "--users", "10,000")]
    [InlineData("1 to 100,000,000", "demo", "--users", "-5")]
    [InlineData("1 to 100,000,000", "demo", "--users", "1e3")]
    [InlineData("--users?", "demo", "--user", "5")]
    public async Task Refuses_what_is_no_number_of_people(string named, params string[] arguments)
    {
        var (exitCode, output) = await CommandRun.RunAsync(arguments, DatabaseUrl);

        Assert.True(exitCode == 64, output);
        Assert.Contains(named, output);
        Assert.False(File.Exists(DatabaseFile));
    }

    [Fact]
    public async Task Refuses_the_database_of_a_running_service()
    {
        await using var service = await AnyUsersService.StartAsync(DatabaseUrl);

        var (exitCode, output) = await CommandRun.RunAsync(["demo", "--users", "5"], DatabaseUrl);

        Assert.True(exitCode == 78, output);
        Assert.Contains("Another process uses", output);
    }
}
