using System.Text.Json;
using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// What docs/how-to/move-in-and-out.md says, typed into bash: the CSV, and the jq commands on samples in the formats that Keycloak and
/// Auth0 document.
/// </summary>
[Collection(nameof(Alone))]
public sealed partial class MoveInTests : ProcessTests
{
    private const string Keycloak = """
        {"realm": "shop", "users": [
          {"id": "8d0a8ee9-05b8-4f4a-9d3a-5b2f7a2f5f9e", "createdTimestamp": 1700000000000, "username": "ann", "enabled": true,
           "emailVerified": true, "firstName": "Ann", "lastName": "Lee", "email": "ann@example.org",
           "attributes": {"plan": ["pro"], "teams": ["red", "blue"]},
           "credentials": [{"type": "password", "secretData": "{}"}], "realmRoles": ["user"], "groups": ["/staff"]},
          {"id": "f2b1", "username": "bob", "enabled": false, "email": "bob@example.org", "totp": false},
          {"id": "c3d4", "username": "service-account-shop", "enabled": true, "serviceAccountClientId": "shop"}
        ]}
        """;

    private const string Auth0 = """
        {"user_id":"auth0|1","email":"ann@example.org","name":"Ann Lee","user_metadata":{"plan":"pro","since":null,"seats":[{"no":null}]}}
        {"user_id":"auth0|2","email":"bob@example.org","name":null,"blocked":true}

        """;

    private readonly string _guide = File.ReadAllText(Path.Combine(ServiceProcess.SourceFolder, "docs/how-to/move-in-and-out.md"));

    private string Folder => Path.GetDirectoryName(DatabaseFile)!;

    [Fact]
    public async Task The_CSV_is_imported()
    {
        var csv = CsvBlocks().Match(_guide).Value;
        await File.WriteAllTextAsync(Path.Combine(Folder, "users.csv"), csv, Cancelled);

        Assert.Equal(
            [
                """hr-0001 Ann Lee ann@example.org true {"plan":"pro"}""",
                """hr-0002 Bob Ortiz bob@example.org false {}""",
            ],
            await ImportAsync("users.csv"));
    }

    [Fact]
    public async Task An_export_of_Keycloak_is_imported()
    {
        await ConvertAsync("realm.json", Keycloak);

        Assert.Equal(
            [
                """8d0a8ee9-05b8-4f4a-9d3a-5b2f7a2f5f9e Ann Lee ann@example.org true {"plan":"pro","teams":["red","blue"]}""",
                """f2b1 bob@example.org bob@example.org false {}""",
            ],
            await ImportAsync("users.ndjson"));
    }

    [Fact]
    public async Task An_export_of_Auth0_is_imported()
    {
        await ConvertAsync("auth0.ndjson", Auth0);

        Assert.Equal(
            [
                """auth0|1 Ann Lee ann@example.org true {"plan":"pro","seats":[{}]}""",
                """auth0|2 bob@example.org bob@example.org false {}""",
            ],
            await ImportAsync("users.ndjson"));
    }

    private async Task ConvertAsync(string file, string sample)
    {
        SharedPostgres.SkipUnlessInstalled("jq");
        await File.WriteAllTextAsync(Path.Combine(Folder, file), sample, Cancelled);
        var command = JqCommands().Matches(_guide).Single(match => match.Value.Contains(file, StringComparison.Ordinal)).Value;
        await using var shell = ServiceProcess.RunShell($"cd {Folder} && {command}", DatabaseUrl);
        Assert.True(await shell.EndsAsync(Cancelled) == 0, shell.Output);
    }

    private async Task<List<string>> ImportAsync(string file)
    {
        var (exitCode, output) = await CommandRun.RunAsync(["import", Path.Combine(Folder, file)], DatabaseUrl);
        Assert.True(exitCode == 0, output);
        var export = Path.Combine(Folder, "export.ndjson");
        await CommandRun.RunAsync(["export", export], DatabaseUrl);
        return [.. (await File.ReadAllLinesAsync(export, Cancelled)).Select(line => JsonElement.Parse(line)).Select(user => string.Join(' ',
            user.GetProperty("externalId").GetString(), user.GetProperty("name").GetString(), user.GetProperty("email").GetString(),
            user.GetProperty("active").GetRawText(), user.GetProperty("attributes").GetRawText()))];
    }

    [GeneratedRegex(@"(?<=^```csv\n).*?(?=^```$)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CsvBlocks();

    [GeneratedRegex(@"(?<=^\$ )jq .*?(?=\n```$)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JqCommands();
}
