using UserCqrs.Infrastructure;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What is not known is refused: 64 (EX_USAGE) for the command line, 78 (EX_CONFIG) for settings, in one line.</summary>
public sealed class CommandLineTests : ProcessTests
{
    [Theory(Timeout = Timeout)]
    [InlineData("keys", "key", "create", "--name", "x", "--scope", "users:read")]
    [InlineData("--help", "serv")]
    [InlineData("--port", "--port", "5111")]
    [InlineData("--Database:Readers", "--Databse:Readers=3")]
    [InlineData("--urls=value", "--urls")]
    [InlineData("--days", "keys", "create", "--name", "x", "--scope", "users:read", "--dayz", "3")]
    [InlineData("--days", "keys", "create", "--name", "x", "--scope", "users:read", "--days", "abc")]
    [InlineData("'B'", "keys", "revoke", "A", "B")]
    [InlineData("--dry-run", "restore", "x.db", "--dry-run")]
    [InlineData("'x'", "migrate", "x")]
    [InlineData("--DATABASE_URL=value", "backup", "x.db", "--DATABASE_URL", "sqlite:///y.db")]
    [InlineData("'target'", "backup")]
    public async Task Refuses_what_it_does_not_know(string named, params string[] arguments) =>
        await RefusesAsync(64, named, ServiceProcess.Run(arguments, DatabaseUrl));

    [Theory(Timeout = Timeout)]
    [InlineData(64, "migrate", "postgresql://ann:canary@localhost/users")]
    [InlineData(64, "keys", "revoke", "A", "ucq_canarycanarycanarycanarycanarycanary")]
    [InlineData(64, "backup", "x.db", "--DATABASE_URL", "postgresql://ann:canary@localhost/users")]
    [InlineData(78, "keys", "revoke", "ucq_canaryLongerThanAnId")]
    public async Task Does_not_repeat_what_may_be_a_secret(int expected, params string[] arguments)
    {
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), Cancelled);

        var output = await RefusesAsync(expected, "", ServiceProcess.Run(arguments, DatabaseUrl));

        Assert.DoesNotContain("canary", output);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("Database:Readers", "Database__Reader", "3")]
    [InlineData("Limits:Connections", "Limits__Conections", "3")]
    [InlineData("Jwt:Audience", "Jwt__Audiences", "users")]
    public async Task Refuses_a_setting_it_does_not_know_and_names_the_nearest(string named, string name, string value)
    {
        await RefusesAsync(78, named, ServiceProcess.Run([], DatabaseUrl, (name, value)));
        await RefusesAsync(78, named, ServiceProcess.Run(["migrate"], DatabaseUrl, (name, value)));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("http://localhost:99999")]
    [InlineData("x://:")]
    [InlineData("notaurl")]
    public async Task Refuses_an_address_that_is_none(string url) =>
        await RefusesAsync(78, url, ServiceProcess.Run(["--urls", url], DatabaseUrl));

    [Fact(Timeout = Timeout)]
    public async Task Says_what_an_https_address_needs() => await RefusesAsync(
        78, "certificate", ServiceProcess.Run(["--urls", "https://127.0.0.1:0"], DatabaseUrl, ("HOME", "/nonexistent")));

    [Fact(Timeout = Timeout)]
    public async Task Makes_the_folder_of_a_database_but_not_the_folder_around_it()
    {
        var folder = Path.GetDirectoryName(DatabaseFile)!;
        await RefusesAsync(78, $"{folder}/a does not exist", ServiceProcess.Run(["migrate"], $"sqlite:///{folder}/a/b/users.db"));

        await using var command = ServiceProcess.Run(["migrate"], $"sqlite:///{folder}/a/users.db");
        Assert.Equal(0, await command.EndsAsync(Cancelled));
    }

    [Fact(Timeout = Timeout)]
    public async Task Makes_no_key_beside_no_database()
    {
        await RefusesAsync(
            78, $"There is no database {DatabaseFile}",
            ServiceProcess.Run(["keys", "create", "--name", "x", "--scope", "users:read"], DatabaseUrl));
        Assert.False(File.Exists($"{DatabaseFile}.keys"));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("--DATABASE_URL=sqlite:///{0}")]
    [InlineData("--ConnectionStrings:Users", "Data Source={0}")]
    public async Task Every_command_takes_every_setting(params string[] setting)
    {
        var other = $"{DatabaseFile}.other";
        string[] arguments = ["migrate", .. setting.Select(part => part.Replace("{0}", other, StringComparison.Ordinal))];
        await using var command = ServiceProcess.Run(arguments, setting.Length == 1 ? DatabaseUrl : "");

        Assert.Equal(0, await command.EndsAsync(Cancelled));
        Assert.True(File.Exists(other));
        Assert.False(File.Exists(DatabaseFile));
    }

    private static async Task<string> RefusesAsync(int expected, string named, ServiceProcess service)
    {
        await using var started = service;

        var exitCode = await service.EndsAsync(Cancelled);

        Assert.True(exitCode == expected, $"{exitCode} {service.Output}");
        Assert.Contains(named, service.Output);
        Assert.DoesNotContain("   at ", service.Output);
        if (expected == 64)
            Assert.Single(service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return service.Output;
    }
}
