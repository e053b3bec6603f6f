using System.Text.Json;
using UserCqrs.Infrastructure;
using UserCqrs.IntegrationTests.Fixtures;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What the log says once the service listens, and when it stops.</summary>
public sealed class StartReportTests : ProcessTests
{
    [Fact(Timeout = Timeout)]
    public async Task Says_in_one_event_what_serves_where_and_whether_the_database_is_new()
    {
        var first = await ReportAsync();
        var second = await ReportAsync();

        var state = first.GetProperty("State");
        Assert.StartsWith("http://127.0.0.1:", state.GetProperty("Addresses").GetString(), StringComparison.Ordinal);
        Assert.Equal($"{state.GetProperty("Addresses").GetString()}/docs", state.GetProperty("Docs").GetString());
        Assert.Equal($"the database {DatabaseFile}", state.GetProperty("Database").GetString());
        Assert.Equal("new", state.GetProperty("State").GetString());
        Assert.Equal("existing", second.GetProperty("State").GetProperty("State").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", first.GetProperty("Timestamp").GetString());
        Assert.Equal(4, first.GetProperty("Message").GetString()!.Split('\n').Length);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("Information", "every program on this machine, until there is an API key", "Access__AllowAnonymousOnLoopback", "true")]
    [InlineData("Warning", "nobody: there are no API keys yet", "Access__AllowAnonymousOnLoopback", "false")]
    [InlineData("Warning", "anyone who reaches it: there are no API keys", "Access__LetAnyoneWhoReachesTheServiceReadAndChangeUsers", "true")]
    [InlineData("Information", "callers with a JWT of https://id.example.org or an API key", "Jwt__Authority", "https://id.example.org", "Jwt__Audience", "users")]
    public async Task Says_who_may_call_while_there_are_no_keys(string level, string callers, params string[] settings)
    {
        var report = await ReportAsync([.. settings.Chunk(2).Select(setting => (setting[0], setting[1]))]);

        Assert.StartsWith(callers, report.GetProperty("State").GetProperty("Callers").GetString(), StringComparison.Ordinal);
        Assert.Equal(level, report.GetProperty("LogLevel").GetString());
    }

    [Fact(Timeout = Timeout)]
    public async Task Says_that_callers_need_a_key_once_there_is_one()
    {
        await Maintenance.MigrateAsync(SettingsOf(DatabaseUrl), Cancelled);
        await ApiKeys.CreateAsync(SettingsOf(DatabaseUrl));

        var report = await ReportAsync();

        Assert.Equal("callers with an API key", report.GetProperty("State").GetProperty("Callers").GetString());
    }

    [Fact(Timeout = Timeout)]
    public async Task Says_the_version_that_the_document_and_the_command_line_say()
    {
        await using var command = ServiceProcess.Run(["--version"], DatabaseUrl);
        Assert.Equal(0, await command.EndsAsync(Cancelled));
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);

        var document = JsonElement.Parse(await client.GetStringAsync("/openapi.json", Cancelled));
        var home = await client.GetStringAsync("/", Cancelled);

        var version = command.Output.Trim();
        Assert.Matches(@"^\d+\.\d+\.\d+$", version);
        Assert.Equal(version, document.GetProperty("info").GetProperty("version").GetString());
        Assert.StartsWith($"UserCqrs {version}:", home, StringComparison.Ordinal);
        Assert.Contains($"UserCqrs {version} serves", service.Output);
    }

    [Fact(Timeout = Timeout)]
    public async Task Logs_its_start_and_its_end_and_nothing_else()
    {
        await using var service = await RunAsync();

        Assert.Equal(["StartReport", "Drain"], service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line).GetProperty("Category").GetString()!.Split('.')[^1]));
    }

    private async Task<JsonElement> ReportAsync(params (string Name, string Value)[] settings)
    {
        await using var service = await RunAsync(settings);
        return JsonElement.Parse(service.Output.Split('\n').Single(line => line.Contains("Hosting.StartReport", StringComparison.Ordinal)));
    }

    private async Task<ServiceProcess> RunAsync(params (string Name, string Value)[] settings)
    {
        var service = ServiceProcess.Start(DatabaseUrl, settings);
        await service.ListensAsync(Cancelled);
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        return service;
    }
}
