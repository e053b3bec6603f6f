using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What stops the start: exit code 78 (EX_CONFIG) and a sentence that names the setting or the file.</summary>
[Collection(nameof(Alone))]
public sealed class StartTests : ProcessTests
{
    [Fact]
    public async Task Refuses_a_file_that_another_process_uses()
    {
        await using var first = ServiceProcess.Start(DatabaseUrl);
        using var client = await first.ConnectAsync(Cancelled);

        await RefusesAsync(DatabaseUrl, DatabaseFile);
        var link = $"{DatabaseFile}.link";
        File.CreateSymbolicLink(link, DatabaseFile);
        await RefusesAsync($"sqlite:///{link}", DatabaseFile);

        await CreateAsync(client, "Ann", "ann@example.org"); // the first is none the worse
    }

    [Fact]
    public async Task Refuses_a_database_whose_restore_was_killed_and_opens_it_when_that_is_finished()
    {
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);
        var backup = $"{DatabaseFile}.backup";
        Maintenance.Backup(SettingsOf(DatabaseUrl), backup);
        Directory.CreateDirectory($"{DatabaseFile}.restoring");
        File.Move(DatabaseFile, $"{DatabaseFile}.restoring/users.db"); // where a kill left it

        await RefusesAsync(DatabaseUrl, "Run restore again");
        Assert.False(File.Exists(DatabaseFile));

        Maintenance.Restore(SettingsOf(DatabaseUrl), backup);
        await using var service = await AnyUsersService.StartAsync(DatabaseUrl);
        await CreateAsync(service.Client, "Ann", "ann@example.org");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("mysql://root@localhost/users")]
    [InlineData("sqlite://users.db")]
    [InlineData("sqlite:///")]
    [InlineData("sqlite:///:memory:")]
    public async Task Refuses_a_malformed_DATABASE_URL(string url) => await RefusesAsync(url, "DATABASE_URL");

    [Fact]
    public async Task Refuses_a_folder_that_cannot_be() =>
        await RefusesAsync("sqlite:////dev/null/users.db", "/dev/null/users.db");

    [Fact]
    public async Task Refuses_a_file_that_is_no_database_and_leaves_it_alone()
    {
        var letter = new string('x', 4096);
        await File.WriteAllTextAsync(DatabaseFile, letter, Cancelled);

        await RefusesAsync(DatabaseUrl, DatabaseFile);

        Assert.Equal(letter, await File.ReadAllTextAsync(DatabaseFile, Cancelled));
    }

    [Theory]
    [InlineData("Shutdown__DrainSeconds", "-1", "DrainSeconds")]
    [InlineData("Shutdown__DrainSeconds", "soon", "DrainSeconds")]
    [InlineData("Database__WriteQueue", "0", "WriteQueue")]
    [InlineData("Database__Readers", "many", "Readers")]
    [InlineData("Cors__Origins", "https://app.example.org", "Cors:Origins")]
    [InlineData("Cors__Origins__0", "*", "Cors:Origins")]
    [InlineData("Cors__Origins__0", "null", "Cors:Origins")]
    [InlineData("Cors__Origins__0", "app.example.org", "Cors:Origins")]
    [InlineData("Cors__Origins__0", "https://app.example.org/", "Cors:Origins")]
    [InlineData("Cors__Origins__0", "https://app.example.org:443", "Cors:Origins")]
    [InlineData("Cors__Origins__0", "https://*.example.org", "Cors:Origins")]
    [InlineData("Cors__Origins__0", "https://ann@example.org", "Cors:Origins")]
    public async Task Refuses_a_setting_out_of_its_range(string name, string value, string named) =>
        await RefusesAsync(DatabaseUrl, named, (name, value));

    [Theory]
    [InlineData]
    [InlineData("migrate")]
    [InlineData("copy", "--from", "sqlite:////nowhere/from.db", "--to", "sqlite:////nowhere/to.db")]
    public async Task Refuses_to_run_without_Unicode(params string[] command)
    {
        await using var process = ServiceProcess.Run(command, DatabaseUrl,
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"));

        Assert.True(await process.EndsAsync(Cancelled) == 78, process.Output);
        Assert.Contains("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", process.Output);
    }

    [Fact]
    public async Task Refuses_an_old_schema_that_it_may_not_bring_up_to_date()
    {
        var byHand = ("Database__MigrateOnStart", "false");
        await RefusesAsync(DatabaseUrl, "migrate", byHand);

        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);

        await using var service = await AnyUsersService.StartAsync(DatabaseUrl, ("Database:MigrateOnStart", "false"));
        await CreateAsync(service.Client, "Ann", "ann@example.org");
    }

    [Theory]
    [InlineData(ProcessDatabase.Sqlite, "DROP TRIGGER users_log_update")]
    [InlineData(ProcessDatabase.Postgres, "ALTER TABLE users DISABLE TRIGGER users_log_update")]
    public async Task Refuses_a_database_without_the_triggers_of_the_log_of_changes_or_makes_them(string engine, string spoil)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        await Maintenance.MigrateAsync(SettingsOf(database.Url), _ => { }, Cancelled);
        await database.ExecuteAsync(spoil);

        await RefusesAsync(database.Url, "lacks triggers of the table users", ("Database__MigrateOnStart", "false"));
        await Maintenance.MigrateAsync(SettingsOf(database.Url), _ => { }, Cancelled);

        await using var service = await AnyUsersService.StartAsync(database.Url, ("Database:MigrateOnStart", "false"));
        Assert.True(await CreateAsync(service.Client, "Ann", "ann@example.org") > 0);
    }

    [Fact]
    public async Task Refuses_a_server_that_is_not_there_and_says_no_password() =>
        Assert.DoesNotContain("canary", await RefusesAsync("postgresql://ann:canary@127.0.0.1:9/users", "the database users on 127.0.0.1:9"));

    [Theory]
    [InlineData("http://users.example.org:0", "--urls", "http://localhost:0;http://users.example.org:0")]
    [InlineData("https_ports", "--https_ports", "0")]
    public async Task Refuses_to_be_reached_by_others_without_authentication(string named, string option, string value) =>
        await RefusesAsync([option, value], DatabaseUrl, named);

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0", "ASPNETCORE_URLS")]
    [InlineData("HTTP_PORTS", "0", "http_ports")]
    [InlineData("Kestrel__Endpoints__Public__Url", "http://0.0.0.0:0", "Kestrel:Endpoints:Public:Url")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "nonsense")]
    public async Task Refuses_that_by_whatever_setting(string name, string value, string named) =>
        await RefusesAsync([], DatabaseUrl, named, (name, value));

    [Theory]
    [InlineData("--Access:LetAnyoneWhoReachesTheServiceReadAndChangeUsers", "true")]
    [InlineData("--urls", "http://127.0.0.1:0;http://[::1]:0")]
    public async Task Starts_where_that_is_said_or_nobody_else_can_reach_it(string option, string value)
    {
        await using var service = ServiceProcess.Run([option, value], DatabaseUrl, ("ASPNETCORE_URLS", "http://0.0.0.0:0"));

        await service.ListensAsync(Cancelled);
    }

    [Fact]
    public async Task Starts_where_there_is_a_key_and_asks_for_it()
    {
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), _ => { }, Cancelled);
        Assert.Equal(0, (await CommandRun.RunAsync(["keys", "create", "--name", "test", "--scope", "users:read"], DatabaseUrl)).ExitCode);

        await using var service = ServiceProcess.Run([], DatabaseUrl, ("ASPNETCORE_URLS", "http://0.0.0.0:0"));
        var port = (await service.ListensAsync(Cancelled)).Port;
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Equal(401, (int)(await client.GetAsync("/v1/users", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Refuses_an_address_that_is_taken()
    {
        await using var first = ServiceProcess.Start(DatabaseUrl);
        var address = await first.ListensAsync(Cancelled);

        await RefusesAsync($"{DatabaseUrl}2", $"{address.Port}", ("ASPNETCORE_URLS", address.ToString()));
    }

    [Theory]
    [InlineData("Jwt__Authority", "http://id.example.org", "Jwt:Authority")]
    [InlineData("Jwt__Authority", "https://id.example.org", "Jwt:Audience")]
    [InlineData("Jwt__Audience", "users", "Jwt:KeysFile")]
    [InlineData("Jwt__KeysFile", "/nowhere/keys.json", "/nowhere/keys.json")]
    [InlineData("Jwt__KeysFile", "/dev/null", "/dev/null")]
    [InlineData("Limits__RequestSeconds", "0", "RequestSeconds")]
    [InlineData("Limits__RequestsPerSecond", "-1", "RequestsPerSecond")]
    public async Task Refuses_a_security_setting_that_is_wrong(string name, string value, string named) =>
        await RefusesAsync(DatabaseUrl, named, (name, value));

    private static Task<string> RefusesAsync(string databaseUrl, string named, params (string, string)[] settings) =>
        RefusesAsync([], databaseUrl, named, [("ASPNETCORE_URLS", "http://127.0.0.1:0"), .. settings]);

    private static async Task<string> RefusesAsync(
        string[] arguments, string databaseUrl, string named, params (string, string)[] settings)
    {
        var (exitCode, output) = await CommandRun.RunAsync(arguments, databaseUrl, settings);

        Assert.True(exitCode == 78, $"{exitCode} {output}");
        Assert.Contains(named, output);
        return output;
    }
}
