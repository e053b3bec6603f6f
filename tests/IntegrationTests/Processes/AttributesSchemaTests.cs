using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>A service with a JSON Schema for attributes, and the command that checks stored ones.</summary>
[Collection(nameof(Alone))]
public sealed class AttributesSchemaTests : ProcessTests
{
    private const string Schema = """
        {"properties":{"plan":{"enum":["free","pro"]},"seats":{"type":"integer","minimum":1},
                       "address":{"type":"object","required":["city"],"additionalProperties":false,"properties":{"city":{}}}}}
        """;

    private string SchemaFile => $"{DatabaseFile}.schema.json";

    [Theory]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Writes_are_checked_and_all_errors_are_reported_at_once(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        await using var service = await StartAsync(database.Url, Schema);
        var http = new Http(service);
        var path = await http.CreateAsync("""{"plan":"pro","address":{"city":"Bern"},"other":1}""");

        (await http.PutAsync(path, """{"plan":"gold","seats":0,"address":{"zip":"1"}}""")).IsProblem(
            422, "invalid-user", "/attributes/plan attributes.schema", "/attributes/seats attributes.schema",
            "/attributes/address attributes.schema", "/attributes/address/zip attributes.schema");
        (await http.PatchAsync(path, """{"attributes":{"address":{"city":null}}}""")).IsProblem(
            422, "invalid-user", "/attributes/address attributes.schema");
        (await http.PostAsync("""{"plan":"canary7q"}""")).IsProblem(422, "invalid-user", "/attributes/plan attributes.schema");
        Assert.DoesNotContain("canary7q", (await http.PostAsync("""{"plan":"canary7q"}""")).Text);
        (await http.PatchAsync("/v1/users/0", """{"attributes":{"plan":"gold"}}""")).IsProblem(404, "user-not-found");
        (await http.PatchAsync(path, """{"attributes":{"plan":null,"seats":2}}""")).Is(200);
        (await http.PatchAsync(path, """{"attributes":null}""")).Is(200);
        (await http.PutAsync(path, null)).Is(200);
    }

    [Theory]
    [InlineData(ProcessDatabase.Sqlite)]
    [InlineData(ProcessDatabase.Postgres)]
    public async Task Users_that_break_a_new_schema_can_still_be_changed_and_are_listed(string engine)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        string path;
        await using (var service = await AnyUsersService.StartAsync(database.Url))
        {
            var http = new Http(service);
            await http.CreateAsync("""{"plan":"pro"}""");
            path = await http.CreateAsync("""{"plan":"canary7q","address":1}""");
            await http.CreateAsync(null);
        }

        await using (var service = await StartAsync(database.Url, Schema))
        {
            var http = new Http(service);
            (await http.PatchAsync(path, """{"name":"Bea"}""")).Is(200);
            (await http.PutAsync(path, null)).Is(200);
            (await http.PatchAsync(path, """{"attributes":{"seats":2}}""")).IsProblem(
                422, "invalid-user", "/attributes/plan attributes.schema", "/attributes/address attributes.schema");

            var (exitCode, output) = await CheckAsync(database.Url);

            Assert.Equal(65, exitCode);
            Assert.Matches(
                "^user 2: /attributes/plan attributes.schema: .+\nuser 2: /attributes/address attributes.schema: .+\n"
                + "The attributes of 1 of 3 users break the schema.\n$", output);
            Assert.DoesNotContain("canary7q", output);
            (await http.PatchAsync(path, """{"attributes":{"plan":"free","address":null}}""")).Is(200);
        }

        Assert.Equal((0, "The attributes of all 3 users match the schema.\n"), await CheckAsync(database.Url));
    }

    [Fact]
    public async Task A_create_without_attributes_is_checked_by_whatever_route()
    {
        await using var service = await StartAsync(DatabaseUrl, """{"required":["plan"]}""");
        var http = new Http(service);

        (await http.PostAsync(null)).IsProblem(422, "invalid-user", "/attributes attributes.schema");
        (await http.UpsertAsync("a", null)).IsProblem(422, "invalid-user", "/attributes attributes.schema");
        Assert.Equal(201, (await http.UpsertAsync("a", """{"plan":1}""")).Status);
        Assert.Equal(200, (await http.UpsertAsync("a", null)).Status);
        (await http.UpsertAsync("a", "{}")).IsProblem(422, "invalid-user", "/attributes attributes.schema");
        var classic = await http.ClassicAsync();
        Assert.Equal(422, classic.Status);
        Assert.Contains("""{"type":"value_error","loc":["body","attributes"],""", classic.Text);
    }

    [Fact]
    public async Task Names_of_attributes_cannot_forge_lines()
    {
        await using (var service = await AnyUsersService.StartAsync(DatabaseUrl))
            await new Http(service).CreateAsync("""{"a\nuser 9: \u001b[2J\u009b\u202e\u2028":1}""");
        await File.WriteAllTextAsync(SchemaFile, """{"additionalProperties":false}""", Cancelled);

        var (exitCode, output) = await CheckAsync(DatabaseUrl);

        Assert.Equal(65, exitCode);
        Assert.StartsWith("user 1: /attributes/a\\u000auser 9: \\u001b[2J\\u009b\\u202e\\u2028 attributes.schema: ", output);
        Assert.Equal(2, output.TrimEnd().Split('\n').Length);
    }

    [Theory]
    [InlineData("cannot be read", null)]
    [InlineData("not JSON", "{")]
    [InlineData("/properties/plan", """{"properties":{"plan":{"type":"text"}}}""")]
    [InlineData("draft-07", """{"$schema":"http://json-schema.org/draft-07/schema#"}""")]
    [InlineData("https://example.org/other", """{"$ref":"https://example.org/other"}""")]
    [InlineData("loop", """{"allOf":[{"$ref":"#"}]}""")]
    [InlineData("/properties/plan/pattern", """{"properties":{"plan":{"pattern":"("}}}""")]
    public async Task A_schema_that_cannot_be_used_stops_the_start(string named, string? schema)
    {
        if (schema is not null)
            await File.WriteAllTextAsync(SchemaFile, schema, Cancelled);

        var (exitCode, output) = await CommandRun.RunAsync([], DatabaseUrl, ("Users__AttributesSchema", SchemaFile));

        Assert.Equal(78, exitCode);
        Assert.Contains("Users:AttributesSchema", output);
        Assert.Contains(named, output);
        Assert.Single(output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Check_needs_a_schema_and_a_database_that_is_current()
    {
        var (exitCode, output) = await CommandRun.RunAsync(["check", "attributes"], DatabaseUrl);
        Assert.Equal(78, exitCode);
        Assert.Contains("Users:AttributesSchema is not set", output);

        await File.WriteAllTextAsync(SchemaFile, Schema, Cancelled);
        (exitCode, output) = await CheckAsync(DatabaseUrl);
        Assert.Equal(78, exitCode);
        Assert.Contains("There is no database", output);
        Assert.False(File.Exists(DatabaseFile));

        File.Copy(Path.Combine(AppContext.BaseDirectory, "Upgrades", "2026-11-24", "users.db"), DatabaseFile);
        (exitCode, output) = await CheckAsync(DatabaseUrl);
        Assert.Equal(78, exitCode);
        Assert.Contains("Run migrate", output);

        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);
        Assert.Equal((0, "The attributes of all 4 users match the schema.\n"), await CheckAsync(DatabaseUrl));
    }

    private async Task<AnyUsersService> StartAsync(string databaseUrl, string schema)
    {
        await File.WriteAllTextAsync(SchemaFile, schema, Cancelled);
        return await AnyUsersService.StartAsync(databaseUrl, ("Users:AttributesSchema", SchemaFile));
    }

    private Task<(int ExitCode, string Output)> CheckAsync(string databaseUrl) =>
        CommandRun.RunAsync(["check", "attributes"], databaseUrl, ("Users__AttributesSchema", SchemaFile));

    private sealed class Http(UsersService service) : HttpTests(service)
    {
        public Task<Response> PostAsync(string? attributes) => PostAsync("/v1/users", User(attributes));

        public async Task<string> CreateAsync(string? attributes) => (await PostAsync(attributes)).Header("Location")!;

        public Task<Response> PutAsync(string path, string? attributes) => PutAsync(path, User(attributes), "*");

        public Task<Response> UpsertAsync(string externalId, string? attributes) =>
            PutAsync($"/v1/users/by-external-id/{externalId}", User(attributes), null);

        public Task<Response> PatchAsync(string path, string patch) => PatchAsync(path, patch, null);

        public Task<Response> ClassicAsync() => PostAsync("/user", User(null));

        private static string User(string? attributes) =>
            attributes is null ? Fields("Ann", NewEmail()) : $"{Fields("Ann", NewEmail())[..^1]},\"attributes\":{attributes}}}";
    }
}
