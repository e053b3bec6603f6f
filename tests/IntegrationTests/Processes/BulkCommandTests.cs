using System.Net;
using System.Net.Sockets;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Postgres;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>The commands <c>import</c> and <c>export</c>.</summary>
[Collection(nameof(Alone))]
public sealed class BulkCommandTests : ProcessTests
{
    private const string Lines = """
        {"name":"Ann","email":"ann@example.org","externalId":"1","attributes":{"plan":"pro"}}
        {"name":"","email":"bob@example.org"}
        {"name":"Cid","email":"cid@example.org"}

        """;

    [Theory]
    [InlineData(ProcessDatabase.Sqlite, false)]
    [InlineData(ProcessDatabase.Sqlite, true)]
    [InlineData(ProcessDatabase.Postgres, false)]
    public async Task What_is_imported_from_a_file_is_exported_to_a_file(string engine, bool throughTheService)
    {
        await using var database = await ProcessDatabase.StartAsync(engine);
        await using var service = throughTheService ? await AnyUsersService.StartAsync(database.Url) : null;
        string[] at = service is null ? [] : ["--url", service.Address.ToString()];
        var (input, csv) = (FileOf("in.ndjson"), FileOf("out.csv"));
        await File.WriteAllTextAsync(input, Lines, Cancelled);

        var (exitCode, output) = await CommandRun.RunAsync(["import", input, .. at], database.Url);
        Assert.True(exitCode == 65, output);
        Assert.Contains("line 2: /name name.empty", output);
        Assert.Contains("lines: 3, created: 2, updated: 0, unchanged: 0, skipped: 0, conflict: 0, invalid: 1", output);

        (exitCode, output) = await CommandRun.RunAsync(["export", csv, .. at], database.Url);
        Assert.True(exitCode == 0, output);
        var lines = await File.ReadAllLinesAsync(csv, Cancelled);
        Assert.Equal("id,externalId,name,email,active,attributes,createdAt,updatedAt", lines[0]);
        Assert.StartsWith("1,1,Ann,ann@example.org,true,\"{\"\"plan\"\":\"\"pro\"\"}\",", lines[1]);

        (exitCode, output) = await CommandRun.RunAsync(["import", csv, "--on-conflict", "update", "--json", .. at], database.Url);
        Assert.True(exitCode == 0, output);
        Assert.Contains("""{"lines":2,"created":0,"updated":0,"unchanged":2,"skipped":0,"conflict":0,"invalid":0}""", output);
    }

    [Theory]
    [InlineData(74, "There is no file", "import", "none.csv")]
    [InlineData(64, "begin with http", "import", "none.csv", "--url", "localhost:5000")]
    [InlineData(64, "must not contain a user", "export", "none.csv", "--url", "http://ann:secret@localhost:1")]
    [InlineData(64, "not a key", "export", "none.csv", "--url", "http://localhost:1", "--key", "ucq_…")]
    [InlineData(64, "not a key", "export", "none.csv", "--url", "http://localhost:1", "--key", "ucq_1\n")]
    [InlineData(64, "--url", "check", "--url")]
    [InlineData(74, "is a folder", "import", "/tmp")]
    [InlineData(64, "must be fail, skip or update", "import", "none.csv", "--on-conflict", "replace")]
    [InlineData(64, "--on-conflict?", "import", "none.csv", "--on-conflcit", "skip")]
    [InlineData(64, "import?", "imprt", "none.csv")]
    [InlineData(64, "There is no option --hlep", "import", "--hlep")]
    [InlineData(64, "needs a value", "import", "--DATABASE_URL", "none.csv")]
    [InlineData(74, "There is no file none.csv", "import", "--Database:WriteQueue=100", "none.csv")]
    [InlineData(64, "Add --format csv or --format ndjson", "export", "users.txt")]
    [InlineData(64, "gzip", "export", "users.csv.gz")]
    [InlineData(74, "its folder does not exist", "export", "/nonexistent/users.csv")]
    public async Task What_cannot_be_understood_or_done_is_refused(int expected, string named, params string[] arguments)
    {
        await CommandRun.RunAsync(["migrate"], DatabaseUrl);

        var (exitCode, output) = await CommandRun.RunAsync(arguments, DatabaseUrl);

        Assert.True(exitCode == expected, output);
        Assert.Contains(named, output);
    }

    [Fact]
    public async Task A_service_that_cannot_be_reached_or_refuses_is_named()
    {
        var input = FileOf("in.csv");
        await File.WriteAllTextAsync(input, "nome,email\n", Cancelled);

        var (exitCode, output) = await CommandRun.RunAsync(["import", input, "--url", "http://127.0.0.1:1"], DatabaseUrl);
        Assert.True(exitCode == 69 && output.Contains("cannot be reached"), output);
        (exitCode, output) = await CommandRun.RunAsync(["import", input, "--key", "ucq_none"], DatabaseUrl);
        Assert.True(exitCode == 64 && output.Contains("only with --url"), output);
        (exitCode, output) = await CommandRun.RunAsync(["import", input], DatabaseUrl);
        Assert.True(exitCode == 65 && output.Contains("There is no column 'nome'"), output);
        (exitCode, output) = await CommandRun.RunAsync(["export", input], DatabaseUrl);
        Assert.True(exitCode == 74 && output.Contains("exists"), output);
    }

    [Fact]
    public async Task An_interrupted_import_keeps_what_was_stored_and_can_go_on()
    {
        const int count = 100_000;
        var input = FileOf("in.ndjson");
        await File.WriteAllLinesAsync(
            input, Enumerable.Range(1, count).Select(i => $$"""{"name":"Ann {{i}}","email":"ann{{i}}@example.org"}"""), Cancelled);
        await using var command = ServiceProcess.Run(["import", input, "--json"], DatabaseUrl);
        while (new FileInfo($"{DatabaseFile}-wal") is not { Exists: true, Length: > 4_000_000 }) // some hundreds of lines
            await Task.Delay(20, Cancelled);

        await command.TerminateAsync(Cancelled); // not SIGINT, which the system ignores in what a script runs in the background

        Assert.Equal(130, await command.EndsAsync(Cancelled));
        Assert.Contains(" lines were done. What was stored stays.", command.Output);
        var reported = Created(command.Output);
        var stored = await CountAsync();
        Assert.InRange(stored, reported, count - 1);
        var (exitCode, output) = await CommandRun.RunAsync(["import", input, "--on-conflict", "skip"], DatabaseUrl);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"created: {count - stored:N0}, updated: 0, unchanged: 0, skipped: {stored:N0}", output);

        static int Created(string output) =>
            output.Split('\n').Count(line => line.Contains("\"status\":\"created\"", StringComparison.Ordinal));

        async Task<long> CountAsync()
        {
            var (_, lines) = await CommandRun.RunAsync(["export", FileOf("now.ndjson")], DatabaseUrl);
            return (await File.ReadAllLinesAsync(FileOf("now.ndjson"), Cancelled)).Length;
        }
    }

    [Fact]
    public async Task An_export_leaves_other_files_alone()
    {
        await CommandRun.RunAsync(["demo", "--users", "10"], DatabaseUrl);
        var (file, other) = (FileOf("users.ndjson"), FileOf("users.ndjson.unfinished"));
        await File.WriteAllTextAsync(other, "precious", Cancelled);

        var (exitCode, output) = await CommandRun.RunAsync(["export", file], DatabaseUrl);

        Assert.True(exitCode == 0, output);
        Assert.Equal(10, (await File.ReadAllLinesAsync(file, Cancelled)).Length);
        Assert.Equal("precious", await File.ReadAllTextAsync(other, Cancelled));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!, "users.ndjson.*.unfinished"));
    }

    [Fact]
    public async Task A_database_in_use_is_named_in_one_line_of_standard_error()
    {
        await using var database = await ProcessDatabase.StartAsync(ProcessDatabase.Sqlite);
        await using var service = await AnyUsersService.StartAsync(database.Url);
        var input = FileOf("in.ndjson");
        await File.WriteAllTextAsync(input, Lines, Cancelled);

        await using var command = ServiceProcess.Run(["import", input], database.Url);

        Assert.Equal(78, await command.EndsAsync(Cancelled));
        Assert.Single(command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Another process uses the database", command.Output);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_not_taken_for_an_export()
    {
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var file = FileOf("users.ndjson");

        var running = CommandRun.RunAsync(["export", file, "--url", $"http://{proxy.LocalEndpoint}"], DatabaseUrl);
        using (var caller = await proxy.AcceptTcpClientAsync(Cancelled))
        {
            await caller.GetStream().WriteAsync(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nlogin"u8.ToArray(), Cancelled);
        }

        var (exitCode, output) = await running;
        Assert.True(exitCode == 69 && output.Contains("answered with text/html"), output);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_service_refuses_a_file_as_the_command_does()
    {
        await using var database = await ProcessDatabase.StartAsync(ProcessDatabase.Sqlite);
        await using var service = await AnyUsersService.StartAsync(database.Url);
        var input = FileOf("in.csv");
        await File.WriteAllTextAsync(input, "name;email\n" + string.Concat(Enumerable.Repeat("Ann;ann@example.org\n", 100_000)), Cancelled);

        foreach (var at in new string[][] { [], ["--url", service.Address.ToString()] })
        {
            var (exitCode, output) = await CommandRun.RunAsync(["import", input, .. at], DatabaseUrl);
            Assert.True(exitCode == 65 && output.Contains("Nothing was imported. The columns must be separated by commas, not by semicolons."), output);
        }
    }

    [Fact]
    public async Task An_import_whose_output_cannot_be_written_says_so()
    {
        SharedPostgres.SkipIfMissing(File.Exists("/dev/full") ? null : "There is no /dev/full.");
        await using var shell = ServiceProcess.RunShell(
            "echo '{\"name\":\"A\",\"email\":\"a@example.org\"}' | dotnet src/Web/bin/"
            + $"{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/UserCqrs.Web.dll import - --json > /dev/full", DatabaseUrl);

        Assert.Equal(74, await shell.EndsAsync(Cancelled));
        Assert.Contains("What was stored stays.", shell.Output);
        Assert.DoesNotContain("   at ", shell.Output);
    }

    [Theory]
    [InlineData("users.ndjson", "")]
    [InlineData("users.csv", "name,email\n")]
    public async Task An_import_of_nothing_is_no_success(string name, string text)
    {
        await File.WriteAllTextAsync(FileOf(name), text, Cancelled);

        var (exitCode, output) = await CommandRun.RunAsync(["import", FileOf(name)], DatabaseUrl);

        Assert.True(exitCode == 65 && output.Contains("The file is empty"), output);
    }

    private string FileOf(string name) => Path.Combine(Path.GetDirectoryName(DatabaseFile)!, name);
}
