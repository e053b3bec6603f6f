using UserCqrs.Infrastructure;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What stops the start: exit code 78 (EX_CONFIG) and a sentence that names the setting or the file.</summary>
public sealed class StartTests : ProcessTests
{
    [Fact(Timeout = Timeout)]
    public async Task Refuses_a_file_that_another_process_uses()
    {
        await using var first = ServiceProcess.Start(DatabaseUrl);
        using var client = await first.ConnectAsync(Cancelled);

        await RefusesAsync(DatabaseUrl, DatabaseFile);

        await CreateAsync(client, "Ann", "ann@example.org"); // the first is none the worse
    }

    [Theory(Timeout = Timeout)]
    [InlineData("nonsense")]
    [InlineData("mysql://root@localhost/users")]
    [InlineData("sqlite://users.db")]
    [InlineData("sqlite:///")]
    [InlineData("sqlite:///:memory:")]
    public async Task Refuses_a_malformed_DATABASE_URL(string url) => await RefusesAsync(url, "DATABASE_URL");

    [Fact(Timeout = Timeout)]
    public async Task Refuses_a_folder_that_cannot_be() =>
        await RefusesAsync("sqlite:////dev/null/users.db", "/dev/null/users.db");

    [Fact(Timeout = Timeout)]
    public async Task Refuses_a_file_that_is_no_database_and_leaves_it_alone()
    {
        var letter = new string('x', 4096);
        await File.WriteAllTextAsync(DatabaseFile, letter, Cancelled);

        await RefusesAsync(DatabaseUrl, DatabaseFile);

        Assert.Equal(letter, await File.ReadAllTextAsync(DatabaseFile, Cancelled));
    }

    [Theory(Timeout = Timeout)]
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

    [Fact(Timeout = Timeout)]
    public async Task Refuses_an_old_schema_that_it_may_not_bring_up_to_date()
    {
        var byHand = ("Database__MigrateOnStart", "false");
        await RefusesAsync(DatabaseUrl, "migrate", byHand);

        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), Cancelled);

        await using var service = ServiceProcess.Start(DatabaseUrl, byHand);
        using var client = await service.ConnectAsync(Cancelled);
        await CreateAsync(client, "Ann", "ann@example.org");
    }

    [Fact(Timeout = Timeout)]
    public async Task Refuses_a_server_that_is_not_there_and_says_no_password() =>
        Assert.DoesNotContain("canary", await RefusesAsync("postgresql://ann:canary@127.0.0.1:9/users", "the database users on 127.0.0.1:9"));

    private static async Task<string> RefusesAsync(string databaseUrl, string named, params (string, string)[] settings)
    {
        await using var service = ServiceProcess.Start(databaseUrl, settings);

        var exitCode = await service.EndsAsync(Cancelled);

        Assert.True(exitCode == 78, $"{exitCode} {service.Output}");
        Assert.Contains(named, service.Output);
        return service.Output;
    }
}
