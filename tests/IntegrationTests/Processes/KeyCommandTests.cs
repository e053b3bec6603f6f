using System.Net;
using System.Text.RegularExpressions;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>Keys from the command line, beside a service that runs.</summary>
[Collection(nameof(Alone))]
public sealed partial class KeyCommandTests : ProcessTests
{
    [Fact]
    public Task A_key_is_made_shown_once_listed_and_revoked_on_SQLite() => LivesAsync(DatabaseUrl);

    [Fact]
    public async Task A_key_is_made_shown_once_listed_and_revoked_on_PostgreSQL()
    {
        SharedPostgres.SkipIfMissing();
        await LivesAsync(await (await SharedPostgres.GetAsync()).CreateDatabaseAsync());
    }

    [Theory]
    [InlineData("--scope: Each scope must be one of", "keys", "create", "--name", "test", "--scope", "users:everything")]
    [InlineData("--name", "keys", "create", "--scope", "users:read")]
    [InlineData("--days", "keys", "create", "--name", "test", "--scope", "users:read", "--days", "0")]
    [InlineData("no key unknown0", "keys", "revoke", "unknown0")]
    [InlineData("mistyped or cut off", "keys", "revoke", "ucq_i8k9mT4Gabc")]
    public async Task A_command_that_is_wrong_says_what_is(string named, params string[] arguments)
    {
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);
        var (exitCode, output) = await RunAsync(DatabaseUrl, arguments);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(named, output);
    }

    [Fact]
    public async Task A_key_that_leaked_is_revoked_by_itself_and_not_repeated()
    {
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);
        var token = await CreateKeyAsync(DatabaseUrl);

        var (exitCode, output) = await RunAsync(DatabaseUrl, "keys", "revoke", token);

        Assert.Equal(0, exitCode);
        Assert.Contains($"Key {token[4..12]} is revoked", output);
        Assert.DoesNotContain(token[12..], output);
    }

    private static async Task LivesAsync(string databaseUrl)
    {
        var (migrated, _) = await RunAsync(databaseUrl, "migrate");
        Assert.Equal(0, migrated);
        var token = await CreateKeyAsync(databaseUrl);
        await using var service = ServiceProcess.Start(databaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));

        var (listed, list) = await RunAsync(databaseUrl, "keys", "list");
        Assert.Equal(0, listed);
        var row = Assert.Single(list.Split('\n'), line => line.StartsWith(token[4..12], StringComparison.Ordinal));
        Assert.Contains("billing", row);
        Assert.Contains("users:read users:write", row);
        Assert.DoesNotContain(token[12..], list);

        var other = await CreateKeyAsync(databaseUrl);
        var (revoked, said) = await RunAsync(databaseUrl, "keys", "revoke", token[4..12]);
        Assert.True(revoked == 0, said);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        while (await StatusAsync(client) != HttpStatusCode.Unauthorized)
            await Task.Delay(50, patience.Token);
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        Assert.Contains($"API key {other[4..12]} was created with users:read, users:write; expires: ", service.Output);
        Assert.Contains($"API key {token[4..12]} was revoked", service.Output);
        Assert.Contains($"Callers get 401: GET /v1/users, no caller: The key {token[4..12]} was revoked.", service.Output);
        Assert.DoesNotContain(token[12..], service.Output);
    }

    private static async Task<string> CreateKeyAsync(string databaseUrl)
    {
        var (exitCode, output) = await RunAsync(
            databaseUrl, "keys", "create", "--name", "billing", "--scope", "users:read", "--scope", "users:write", "--days", "30");
        Assert.True(exitCode == 0, output);
        return Assert.Single(Token().Matches(output)).Value;
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string databaseUrl, params string[] arguments) =>
        CommandRun.RunAsync(arguments, databaseUrl);

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/v1/users", Cancelled);
        return response.StatusCode;
    }

    [GeneratedRegex("ucq_[0-9A-Za-z]{36}")]
    private static partial Regex Token();
}
