using System.CommandLine;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text.Json;
using MediatR;
using Spectre.Console;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Application.Users.Importing;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Http.Bulk;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.CommandLine;

/// <summary>
/// <c>import</c> and <c>export</c>: many users from a file and to a file, straight at the database or through a running service.
/// </summary>
internal static class BulkCommands
{
    private const string Stdio = "-";

    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "The address of a running service, such as http://localhost:5080. Without it, the command uses the "
            + "database that DATABASE_URL names.",
    };

    private static readonly Option<string?> Key = new("--key") { Description = "The API key for --url." };

    private static readonly Option<string?> Format = OneOf(
        "--format", "The format; by default that of the name of the file, or ndjson.", "ndjson", "csv");

    public static Command Import(Func<ParseResult, IConfiguration> settings)
    {
        var file = new Argument<string>("file") { Description = "The file, or - for standard input. Example: import users.csv" };
        var onConflict = OneOf(
            "--on-conflict", "What happens to a line whose user exists; fail by default.", "fail", "skip", "update");
        var by = OneOf("--by", "The member by which skip and update find users; email by default.", "email", "externalId");
        var dryRun = new Option<bool>("--dry-run") { Description = "Stores nothing, and reports what would happen." };
        var json = new Option<bool>("--json") { Description = "Prints what became of every line as JSON." };
        var command = new Command(
            "import", "Imports users from a file with one user on each line: newline-delimited JSON, or CSV with a header. Lines "
            + "that cannot be imported are printed, and the exit code is then 65; the others are stored. If you interrupt it, "
            + "what was stored stays.")
        {
            file, Format, onConflict, by, dryRun, json, Url, Key,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new ImportOptions(
                Enum.Parse<ImportConflict>(parsed.GetValue(onConflict) ?? "fail", ignoreCase: true),
                Enum.Parse<ImportKey>(parsed.GetValue(by) ?? "email", ignoreCase: true), parsed.GetValue(dryRun));
            return ImportAsync(
                parsed, settings(parsed), parsed.GetRequiredValue(file), options, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    public static Command Export(Func<ParseResult, IConfiguration> settings)
    {
        var file = new Argument<string>("file")
        {
            Description = "The file to write, which must not exist, or - for standard output. Example: export users.ndjson",
        };
        var command = new Command(
            "export", "Writes all users to a file, as newline-delimited JSON or CSV, which import can read. The service may be "
            + "running.")
        {
            file, Format, Url, Key,
        };
        command.SetAction((parsed, cancellationToken) =>
            ExportAsync(parsed, settings(parsed), parsed.GetRequiredValue(file), cancellationToken));
        return command;
    }

    private static async Task<int> ImportAsync(
        ParseResult parsed, IConfiguration configuration, string file, ImportOptions options, bool isJson,
        CancellationToken cancellationToken)
    {
        await using var input = OpenInput(file);
        var format = FormatOf(parsed, file);
        var isFine = true;
        await ShowProgressAsync("Importing", input.CanSeek ? input.Length : null, async progress =>
        {
            var read = 0L;
            await using var counted = new ObservedStream(input, octets => progress(read += octets));
            isFine = parsed.GetValue(Url) is { } url
                ? await SendAsync(url, parsed.GetValue(Key), counted, format, options, isJson, cancellationToken)
                : await StoreAsync(configuration, counted, format, options, isJson, cancellationToken);
        });
        return isFine ? 0 : CheckCommands.Broken;
    }

    private static async Task<bool> StoreAsync(
        IConfiguration configuration, Stream input, UserLines format, ImportOptions options, bool isJson,
        CancellationToken cancellationToken)
    {
        using var host = DatabaseHost(configuration);
        await host.StartAsync(cancellationToken);
        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            var totals = await scope.ServiceProvider.GetRequiredService<UserImport>().ImportAsync(
                input, format, options, line => Print(Serialize(line), isJson), () => Task.CompletedTask, cancellationToken);
            var response = Endpoints.Responses.ToTotals(totals);
            return PrintTotals(JsonSerializer.Serialize(response, Http.ApiJson.Default.ImportTotalsResponse), isJson);
        }
        catch (UnreadableImportException e)
        {
            throw new ConfigurationException($"Nothing was imported. {e.Message}", e);
        }
        catch (DatabaseUnavailableException e)
        {
            throw new ConfigurationException($"The database failed: {e.Message} Lines before that are stored.", e);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }

        static string Serialize(ImportedLine line) =>
            JsonSerializer.Serialize(UserImport.ToResponse(line), Http.ApiJson.Default.ImportedLineResponse);
    }

    private static async Task<bool> SendAsync(
        string url, string? key, Stream input, UserLines format, ImportOptions options, bool isJson,
        CancellationToken cancellationToken)
    {
        using var client = Client(url, key);
        using var content = new StreamContent(input) { Headers = { ContentType = new(format.Body.MediaType) } };
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"v1/users/import?onConflict={Camel(options.OnConflict)}&key={Camel(options.Key)}"
                + $"&dryRun={(options.IsDryRun ? "true" : "false")}")
        {
            Content = content,
        };
        using var response = await RequestAsync(client, request, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var last = "";
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (last.Length > 0)
                Print(last, isJson);
            last = line;
        }

        return PrintTotals(last, isJson);
    }

    private static async Task<int> ExportAsync(
        ParseResult parsed, IConfiguration configuration, string file, CancellationToken cancellationToken)
    {
        var format = FormatOf(parsed, file);
        if (file != Stdio && Path.Exists(file))
            throw new UsageException($"The file {file} exists.");
        if (parsed.GetValue(Url) is { } url)
        {
            using var client = Client(url, parsed.GetValue(Key));
            using var request = new HttpRequestMessage(
                HttpMethod.Get, $"v1/users/export?format={(format == UserLines.Csv ? "csv" : "ndjson")}");
            using var response = await RequestAsync(client, request, cancellationToken);
            await using var download = OpenOutput(file);
            await response.Content.CopyToAsync(download, cancellationToken);
            return 0;
        }

        await using var services = new ServiceCollection()
            .AddLogging().AddApplication().AddUserReading(configuration).BuildServiceProvider();
        try
        {
            await services.RequireCurrentDatabaseAsync(cancellationToken);
            await using var output = OpenOutput(file);
            var mediator = services.GetRequiredService<IMediator>();
            var users = (await mediator.Send(new StreamUsers(UserFilter.None), cancellationToken)).Value;
            await (format == UserLines.Csv
                ? UserWriting.WriteCsvAsync(users, output, cancellationToken)
                : UserWriting.WriteNdjsonAsync(users, PipeWriter.Create(output), cancellationToken));
            return 0;
        }
        catch (DatabaseUnavailableException e)
        {
            throw new ConfigurationException($"{DatabaseLocation.From(configuration)} cannot be read: {e.Message}", e);
        }
    }

    private static IHost DatabaseHost(IConfiguration configuration)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddApplication().AddInfrastructure(configuration);
        builder.Services.AddScoped<ICurrentCaller, CurrentCaller>();
        builder.Services.AddScoped<UserImport>();
        return builder.Build();
    }

    private static HttpClient Client(string url, string? key)
    {
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
            throw new UsageException("--url must be the address of a service, such as http://localhost:5080.");
        var client = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <exception cref="ConfigurationException">The service cannot be reached, or refused the request.</exception>
    private static async Task<HttpResponseMessage> RequestAsync(
        HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
                return response;
            var problem = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Dispose();
            throw new ConfigurationException($"{client.BaseAddress} answered {(int)response.StatusCode}: {problem}");
        }
        catch (HttpRequestException e)
        {
            throw new ConfigurationException($"{client.BaseAddress} cannot be reached: {e.Message}", e);
        }
    }

    private static Stream OpenInput(string file)
    {
        if (file == Stdio)
            return Console.OpenStandardInput();
        return File.Exists(file) ? File.OpenRead(file) : throw new UsageException($"There is no file {file}.");
    }

    private static Stream OpenOutput(string file) =>
        file == Stdio ? Console.OpenStandardOutput() : new FileStream(file, FileMode.CreateNew);

    private static UserLines FormatOf(ParseResult parsed, string file) => parsed.GetValue(Format) switch
    {
        "csv" => UserLines.Csv,
        null when file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) => UserLines.Csv,
        _ => UserLines.Ndjson,
    };

    // Without --json, only the lines that could not be imported are printed.
    private static void Print(string line, bool isJson)
    {
        if (isJson)
        {
            Console.WriteLine(line);
            return;
        }

        using var json = JsonDocument.Parse(line);
        if (!json.RootElement.TryGetProperty("errors", out var errors))
            return;
        foreach (var error in errors.EnumerateArray())
            Console.WriteLine(
                $"line {json.RootElement.GetProperty("line")}: {error.GetProperty("pointer")} {error.GetProperty("code")}: "
                + $"{error.GetProperty("detail")}");
    }

    /// <returns>Whether every line was imported.</returns>
    private static bool PrintTotals(string line, bool isJson)
    {
        using var json = JsonDocument.Parse(line.Length > 0 ? line : "{}");
        if (!json.RootElement.TryGetProperty("lines", out _))
            throw new ConfigurationException($"The import ended early: {line}");
        var totals = json.RootElement.EnumerateObject().ToDictionary(total => total.Name, total => total.Value.GetInt64());
        Console.WriteLine(isJson ? line : string.Join(", ", totals.Select(total => $"{Show(total.Value)} {total.Key}")) + ".");
        return totals["conflict"] + totals["invalid"] == 0;
    }

    private static async Task ShowProgressAsync(string what, long? total, Func<Action<long>, Task> work)
    {
        if (!Console.IsErrorRedirected && total is { } octets)
        {
            var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            await terminal.Progress()
                .Columns(
                    new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(),
                    new RemainingTimeColumn())
                .StartAsync(async context =>
                {
                    var bar = context.AddTask(what, maxValue: octets);
                    await work(done => bar.Value = done);
                });
            return;
        }

        var reported = TimeProvider.System.GetTimestamp();
        await work(done =>
        {
            if (TimeProvider.System.GetElapsedTime(reported) < ReportInterval)
                return;
            reported = TimeProvider.System.GetTimestamp();
            Console.Error.WriteLine($"{what}: {Show(done / 1024)} KiB{(total is null ? "" : $" of {Show(total.Value / 1024)}")}");
        });
    }

    private static Option<string?> OneOf(string name, string description, params string[] allowed)
    {
        var option = new Option<string?>(name) { Description = $"{description} One of {string.Join(", ", allowed)}." };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !allowed.Contains(token.Value))
                result.AddError($"{name} must be {string.Join(" or ", allowed)}. {Spelling.Suggest(token.Value, allowed)}");
        });
        return option;
    }

    private static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName($"{value}");

    private static string Show(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
