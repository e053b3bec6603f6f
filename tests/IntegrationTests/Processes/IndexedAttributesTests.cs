using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Filters by attributes, whose indexes the settings declare.</summary>
[Collection(nameof(Alone))]
public sealed class IndexedAttributesTests : ProcessTests
{
    private static readonly string[] Values =
        ["\"pro\"", "\"Pro\"", "3", "3.0", "\"3\"", "true", "\"true\"", "false", "0", "\"\"", "{}", "[\"pro\"]", "\"{}\"", "1e300",
         "9007199254740993", "12345678901234567890", "0.1", "1e-300"];

    private static readonly (string Value, string Expected)[] Searches =
    [
        ("pro", "\"pro\""), ("Pro", "\"Pro\""), ("\"pro\"", "\"pro\""), ("3", "3|3.0"), ("3.00", "3|3.0"), ("0.3e1", "3|3.0"),
        ("\"3\"", "\"3\""), ("true", "true"), ("\"true\"", "\"true\""), ("false", "false"), ("0", "0"), ("-0", "0"), ("\"\"", "\"\""),
        ("1", ""), ("\"{}\"", "\"{}\""), ("1E300", "1e300"), ("nobody", ""),
        ("9007199254740993.0", "9007199254740993"), ("12345678901234567891", "12345678901234567890"), ("1e-300", "1e-300"),
        ("0.10000000000000000001", "0.1"),
    ];

    [Theory]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Tells_strings_numbers_and_booleans_apart(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        await using var service = await StartAsync(database, "plan");
        foreach (var stored in Values)
            await CreateAsync(service, $$"""{"plan":{{stored}}}""", stored);
        await CreateAsync(service, """{"other":"pro"}""", "other");

        foreach (var (value, expected) in Searches)
        {
            var found = await NamesAsync(service, $"attributes.plan={Uri.EscapeDataString(value)}");
            Assert.True(expected == string.Join('|', found), $"{value} found {string.Join('|', found)}");
        }
    }

    [Theory]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Follows_a_path_and_what_is_written(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        await using var service = await StartAsync(database, "plan", "address.city");
        var path = await CreateAsync(service, """{"address":{"ci\u0074y":"Bern","zip":"3000"},"plan":"pro"}""", "Ann");
        await CreateAsync(service, """{"address":"Bern","city":"Bern","address.city":"Bern"}""", "Bob");
        await CreateAsync(service, $$"""{"plan":"{{new string('a', 7_000)}}","address":{"city":"{{new string('é', 255)}}" } }""", "Long");

        Assert.Equal(["Ann"], await NamesAsync(service, "attributes.address.city=Bern&attributes.plan=pro&sort=-name&count=true"));
        Assert.Empty(await NamesAsync(service, "attributes.address.city=Bern&attributes.plan=free"));
        Assert.Equal(["Ann"], await NamesAsync(service, "attributes.address.city=Bern&q=ann"));
        Assert.Equal(["Long"], await NamesAsync(service, $"attributes.address.city={Uri.EscapeDataString(new string('é', 255))}"));

        using var patch = Body("""{"attributes":{"address":{"city":"Thun \u00e9"}}}""", "application/merge-patch+json");
        (await service.Client.PatchAsync(path, patch, Cancelled)).EnsureSuccessStatusCode();

        Assert.Empty(await NamesAsync(service, "attributes.address.city=Bern"));
        Assert.Equal(["Ann"], await NamesAsync(service, "attributes.address.city=Thun%20%C3%A9"));
    }

    [Theory]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Indexes_come_and_go_with_the_settings(string engine)
    {
        const string indexes = "SELECT name FROM sqlite_schema WHERE name LIKE 'ix_users_attributes.%'";
        await using var database = await ProcessDatabase.StartAsync(engine);
        Task<List<string>> IndexesAsync() => database.QueryAsync(engine == ProcessDatabase.Sqlite ? indexes
            : indexes.Replace("sqlite_schema", "(SELECT relname::text AS name FROM pg_class) AS indexes"));
        await using (var service = await StartAsync(database, "plan"))
            await CreateAsync(service, """{"plan":"pro","level":3}""", "Ann");

        await using (var service = await StartAsync(database, "level"))
        {
            Assert.Equal(["Ann"], await NamesAsync(service, "attributes.level=3"));
            using var answer = await service.Client.GetAsync("/v1/users?attributes.plan=pro&attributes.level=[]", Cancelled);
            (await Response.ReadAsync(answer, Cancelled)).IsProblem(
                400, "invalid-parameter", "?attributes.plan attribute.notIndexed", "?attributes.level attribute.invalid");
        }

        Assert.Equal(["ix_users_attributes.level"], await IndexesAsync());
        await using (await StartAsync(database))
            Assert.Empty(await IndexesAsync());
    }

    [Theory]
    [InlineData("Users:IndexedAttributes:0", "a b", "not a path that can be indexed")]
    [InlineData("Users:IndexedAttributes:0", "attributes.plan", "write plan instead")]
    [InlineData("Users:IndexedAttributes:0", "", "not a path that can be indexed")]
    [InlineData("Users:IndexedAttributes", "plan", "is a list. Number its paths")]
    public async Task A_wrong_setting_stops_the_start(string name, string value, string message)
    {
        var (exitCode, output) = await CommandRun.RunAsync([$"--{name}={value}"], DatabaseUrl);

        Assert.Equal(78, exitCode);
        Assert.Contains(message, output);
    }

    private static Task<AnyUsersService> StartAsync(ProcessDatabase database, params string[] paths) => AnyUsersService.StartAsync(
        database.Url, [.. paths.Select((path, i) => ($"Users:IndexedAttributes:{i}", path))]);

    private static async Task<string> CreateAsync(UsersService service, string attributes, string name)
    {
        using var body = Body(
            $$"""{"name":{{JsonSerializer.Serialize(name + "!")}},"email":"{{Guid.NewGuid():N}}@example.org","attributes":{{attributes}}}""");
        using var answer = await service.Client.PostAsync("/v1/users", body, Cancelled);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.Location!.ToString();
    }

    private static async Task<List<string>> NamesAsync(UsersService service, string query)
    {
        using var answer = await service.Client.GetAsync($"/v1/users?{query}", Cancelled);
        var response = await Response.ReadAsync(answer, Cancelled);
        Assert.True(response.Status == 200, response.Text);
        return [.. response.Json.GetProperty("items").EnumerateArray().Select(user => user.GetProperty("name").GetString()!.TrimEnd('!'))];
    }

    private static ByteArrayContent Body(string json, string mediaType = "application/json") => new(Encoding.UTF8.GetBytes(json))
    {
        Headers = { ContentType = MediaTypeHeaderValue.Parse(mediaType) },
    };
}
