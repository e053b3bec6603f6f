using System.Text.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What the log says once the service listens.</summary>
public sealed class StartReportTests : ProcessTests
{
    [Fact(Timeout = Timeout)]
    public async Task Says_in_one_event_what_serves_where_and_whether_the_database_is_new()
    {
        var first = await ReportAsync();
        var second = await ReportAsync();

        Assert.Contains($"users are in the database {DatabaseFile}. It is new.", first.GetProperty("Message").GetString());
        Assert.Contains($"users are in the database {DatabaseFile}. An", second.GetProperty("Message").GetString());
        Assert.StartsWith("http://127.0.0.1:", first.GetProperty("State").GetProperty("Addresses").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", first.GetProperty("Timestamp").GetString());
    }

    private async Task<JsonElement> ReportAsync()
    {
        await using var service = ServiceProcess.Start(DatabaseUrl);
        using var client = await service.ConnectAsync(Cancelled);
        await service.TerminateAsync(Cancelled);
        Assert.Equal(0, await service.EndsAsync(Cancelled));
        return JsonElement.Parse(service.Output.Split('\n').Single(line => line.Contains("Hosting.StartReport", StringComparison.Ordinal)));
    }
}
