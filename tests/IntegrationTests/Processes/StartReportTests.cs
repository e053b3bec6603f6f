using System.Text.Json;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>What the log says once the service listens, and when it stops.</summary>
public sealed class StartReportTests(StartReportTests.TwoRuns runs) : IClassFixture<StartReportTests.TwoRuns>
{
    [Fact]
    public void Says_in_one_event_what_serves_where_and_whether_the_database_is_new()
    {
        var (first, second) = (runs.First.Report, runs.Second.Report);

        var state = first.GetProperty("State");
        Assert.StartsWith("http://127.0.0.1:", state.GetProperty("Addresses").GetString(), StringComparison.Ordinal);
        Assert.Equal($"{state.GetProperty("Addresses").GetString()}/docs", state.GetProperty("Docs").GetString());
        Assert.Equal($"the database {runs.Database}", state.GetProperty("Database").GetString());
        Assert.Equal("new", state.GetProperty("State").GetString());
        Assert.Equal("existing", second.GetProperty("State").GetProperty("State").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", first.GetProperty("Timestamp").GetString());
        Assert.StartsWith("none", state.GetProperty("Schema").GetString(), StringComparison.Ordinal);
        Assert.Equal("no attributes", state.GetProperty("Filters").GetString());
        Assert.Equal(6, first.GetProperty("Message").GetString()!.Split('\n').Length);
    }

    [Fact]
    public void Says_the_version_that_the_document_and_the_command_line_say()
    {
        var version = runs.Version;

        Assert.Matches(@"^\d+\.\d+\.\d+$", version);
        Assert.Equal(version, runs.First.Document.GetProperty("info").GetProperty("version").GetString());
        Assert.StartsWith($"UserCqrs {version}:", runs.First.Home, StringComparison.Ordinal);
        Assert.Contains($"UserCqrs {version} serves", runs.First.Output);
    }

    [Fact]
    public void Logs_its_start_and_its_end_and_nothing_else() => Assert.Equal(
        ["StartReport", "Drain"],
        runs.First.Lines.Select(line => line.GetProperty("Category").GetString()!.Split('.')[^1]));

    /// <summary>The service, run twice on one database.</summary>
    public sealed class TwoRuns : ProcessTests, IAsyncLifetime
    {
        public Run First { get; private set; } = null!;

        public Run Second { get; private set; } = null!;

        public string Version { get; private set; } = "";

        public string Database => DatabaseFile;

        public async ValueTask InitializeAsync()
        {
            await using var command = ServiceProcess.Run(["--version"], DatabaseUrl);
            Assert.Equal(0, await command.EndsAsync(Cancelled));
            Version = command.Output.Trim();
            First = await RunAsync();
            Second = await RunAsync();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<Run> RunAsync()
        {
            await using var service = ServiceProcess.Start(DatabaseUrl);
            using var client = await service.ConnectAsync(Cancelled);
            var document = JsonElement.Parse(await client.GetStringAsync("/openapi.json", Cancelled));
            var home = await client.GetStringAsync("/", Cancelled);
            await service.TerminateAsync(Cancelled);
            Assert.Equal(0, await service.EndsAsync(Cancelled));
            return new(service.Output, document, home);
        }
    }

    /// <summary>What the service wrote and served.</summary>
    public sealed record Run(string Output, JsonElement Document, string Home)
    {
        public IReadOnlyList<JsonElement> Lines { get; } =
            [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

        public JsonElement Report => Lines.Single(line => line.GetProperty("Category").GetString()!.EndsWith(".StartReport", StringComparison.Ordinal));
    }
}
