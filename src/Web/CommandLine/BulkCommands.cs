using System.CommandLine;
using System.IO.Pipelines;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.Logging.Console;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Application.Users.Importing;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Http;
using UserCqrs.Web.Http.Bulk;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.CommandLine;

/// <summary>
/// <c>import</c> and <c>export</c>: many users from a file and to a file, straight at the database or through a running service.
/// </summary>
internal static class BulkCommands
{
    private const string Stdio = "-";

    private const string Unit = "KiB";

    private const int OctetsInUnit = 1024;

    private const string ToGoOn = "What was stored stays. To go on, import the file again with --on-conflict skip.";

    private static readonly Option<string?> Format = OneOf(
        "--format", "The format; by default that of the name of the file, or ndjson.", "ndjson", "csv");

    public static Command Import(Func<ParseResult, IConfiguration> settings)
    {
        var file = new Argument<string>("file") { Description = "The file, or - for standard input." };
        var onConflict = OneOf(
            "--on-conflict", "What happens to a line whose user exists; fail by default.", "fail", "skip", "update");
        var by = OneOf("--by", "The member by which skip and update find users; email by default.", "email", "externalId");
        var dryRun = new Option<bool>("--dry-run") { Description = "Stores no user, and reports what would happen." };
        var json = new Option<bool>("--json") { Description = "Prints what became of every line as JSON." };
        var command = new Command(
            "import", "Imports users from a file with one user on each line: newline-delimited JSON, or CSV with a header. Lines "
            + "that cannot be imported are printed, and the exit code is then 65; the others are stored. If you interrupt it, "
            + "what was stored stays.")
        {
            file, Format, onConflict, by, dryRun, json, RemoteService.Url, RemoteService.Key,
        };
        command.SetAction((parsed, _) =>
        {
            var options = new ImportOptions(
                Enum.Parse<ImportConflict>(parsed.GetValue(onConflict) ?? "fail", ignoreCase: true),
                Enum.Parse<ImportKey>(parsed.GetValue(by) ?? "email", ignoreCase: true), parsed.GetValue(dryRun));
            return ImportAsync(parsed, settings(parsed), parsed.GetRequiredValue(file), options, parsed.GetValue(json));
        });
        return command;
    }

    public static Command Export(Func<ParseResult, IConfiguration> settings)
    {
        var file = new Argument<string>("file")
        {
            Description = "The file to write, which must not exist, or - for standard output.",
        };
        var command = new Command(
            "export", "Writes all users to a file, as newline-delimited JSON or CSV, which import can read. The service may be "
            + "running.")
        {
            file, Format, RemoteService.Url, RemoteService.Key,
        };
        command.SetAction((parsed, _) => ExportAsync(parsed, settings(parsed), parsed.GetRequiredValue(file)));
        return command;
    }

    private static async Task<int> ImportAsync(
        ParseResult parsed, IConfiguration configuration, string file, ImportOptions options, bool isJson)
    {
        using var service = RemoteService.In(parsed);
        var format = FormatOf(parsed, file);
        await using var input = OpenInput(file);
        var isFine = true;
        await CommandProgress.ShowAsync("Importing", Unit, LengthOf(input), async (progress, print) =>
        {
            var read = 0L;
            await using var counted = new ObservedStream(input, octets => progress((read += octets) / OctetsInUnit));
            isFine = await Interruption.RunAsync(
                cancelled => service is null
                    ? StoreAsync(configuration, counted, format, options, Print, cancelled)
                    : SendAsync(service, counted, format, options, Print, cancelled),
                () => ToGoOn);

            void Print(string line)
            {
                foreach (var text in isJson ? [line] : Explain(line, options.IsDryRun))
                    print(CheckCommands.Printable(text));
            }
        });
        return isFine ? 0 : CheckCommands.Broken;
    }

    private static async Task<bool> StoreAsync(
        IConfiguration configuration, Stream input, UserLines format, ImportOptions options, Action<string> print,
        CancellationToken cancellationToken)
    {
        using var host = DatabaseHost(configuration);
        await host.StartAsync(cancellationToken);
        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            var totals = await scope.ServiceProvider.GetRequiredService<UserImport>().ImportAsync(
                input, format, options, line => print(Serialize(line)), () => Task.CompletedTask, cancellationToken);
            return PrintTotals(
                JsonSerializer.Serialize(Endpoints.Responses.ToTotals(totals), ApiJson.Default.ImportTotalsResponse), print);
        }
        catch (UnreadableImportException e)
        {
            throw new CommandException(
                CheckCommands.Broken,
                $"Nothing was imported. {(e.Error.Line is > 1 and var line ? $"Line {line}: " : "")}{e.Message}", e);
        }
        catch (DatabaseUnavailableException e)
        {
            throw CommandException.Unavailable($"The database failed: {e.Message} {ToGoOn}", e);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }

        static string Serialize(ImportedLine line) =>
            JsonSerializer.Serialize(UserImport.ToResponse(line), ApiJson.Default.ImportedLineResponse);
    }

    private static async Task<bool> SendAsync(
        HttpClient service, Stream input, UserLines format, ImportOptions options, Action<string> print,
        CancellationToken cancellationToken)
    {
        using var content = new StreamContent(input) { Headers = { ContentType = new(format.Body.MediaType) } };
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"v1/users/import?onConflict={Camel(options.OnConflict)}&key={Camel(options.Key)}"
                + $"&dryRun={(options.IsDryRun ? "true" : "false")}")
        {
            Content = content,
            Headers = { ExpectContinue = true }, // a refusal arrives before the body is sent
        };
        var last = "";
        try
        {
            using var response = await RemoteService.RequestAsync(
                service, request, UserLines.Ndjson.Body.MediaType, cancellationToken);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (last.Length > 0)
                    print(last);
                last = line;
            }
        }
        catch (IOException e)
        {
            throw CommandException.Unavailable($"The connection was lost: {e.Message} {ToGoOn}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CommandException.Unavailable($"{service.BaseAddress} does not answer as this service does: {e.Message}", e);
        }

        return PrintTotals(last, print);
    }

    private static async Task<int> ExportAsync(ParseResult parsed, IConfiguration configuration, string file)
    {
        using var service = RemoteService.In(parsed);
        var format = FormatOf(parsed, file);
        if (file != Stdio && Path.Exists(file))
            throw CommandException.InputOutput($"The file {file} exists. It was left unchanged; name another.");
        await CommandProgress.ShowAsync("Exporting", Unit, total: null, (progress, _) => Interruption.RunAsync(
            cancelled => WriteFileAsync(file, progress, output => service is null
                ? ReadAsync(configuration, format, output, cancelled)
                : DownloadAsync(service, format, output, cancelled)),
            () => "No file was written."));
        return 0;
    }

    private static async Task ReadAsync(
        IConfiguration configuration, UserLines format, Stream output, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection()
            .AddLogging().AddApplication().AddUserReading(configuration).BuildServiceProvider();
        try
        {
            await services.RequireCurrentDatabaseAsync(cancellationToken);
            var mediator = services.GetRequiredService<IMediator>();
            var users = (await mediator.Send(new StreamUsers(UserFilter.None), cancellationToken)).Value;
            await (format == UserLines.Csv
                ? UserWriting.WriteCsvAsync(users, output, cancellationToken)
                : UserWriting.WriteNdjsonAsync(users, PipeWriter.Create(output), cancellationToken));
        }
        catch (DatabaseUnavailableException e)
        {
            throw new ConfigurationException($"{DatabaseLocation.From(configuration)} cannot be read: {e.Message}", e);
        }
    }

    private static async Task DownloadAsync(
        HttpClient service, UserLines format, Stream output, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"v1/users/export?format={(format == UserLines.Csv ? "csv" : "ndjson")}");
        using var response = await RemoteService.RequestAsync(service, request, format.Body.MediaType, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            await body.CopyToAsync(output, cancellationToken);
        }
        catch (HttpIOException e)
        {
            throw CommandException.Unavailable($"The connection was lost: {e.Message} No file was written.", e);
        }
    }

    // The file gets its name when it is complete.
    private static async Task<bool> WriteFileAsync(string file, Action<long> progress, Func<Stream, Task> write)
    {
        var unfinished = $"{file}.{Guid.NewGuid():N}.unfinished"; // two exports may write to the same name
        try
        {
            var written = 0L;
            await using (var output =
                file == Stdio ? Console.OpenStandardOutput() : new FileStream(unfinished, FileMode.CreateNew))
            await using (var counted = new ObservedStream(output, octets => progress((written += octets) / OctetsInUnit)))
            {
                await write(counted);
            }

            if (file != Stdio)
                File.Move(unfinished, file);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.InputOutput(
                Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) ? $"{file} cannot be written: {e.Message}"
                : $"{file} cannot be written: its folder does not exist.", e);
        }
        finally
        {
            if (file != Stdio && File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    private static IHost DatabaseHost(IConfiguration configuration)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddConfiguration(configuration);
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a failed start is explained at the end
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddApplication().AddInfrastructure(configuration);
        builder.Services.AddScoped<ICurrentCaller, CurrentCaller>();
        builder.Services.AddScoped<UserImport>();
        return builder.Build();
    }

    private static Stream OpenInput(string file)
    {
        if (file == Stdio)
            return Console.OpenStandardInput();
        if (!Path.Exists(file))
            throw CommandException.InputOutput($"There is no file {file}.");
        if (Directory.Exists(file))
            throw CommandException.InputOutput($"{file} is a folder. Name a file.");
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.InputOutput($"{file} cannot be read: {e.Message}", e);
        }
    }

    private static long? LengthOf(Stream input) => input.CanSeek ? input.Length / OctetsInUnit : null;

    private static UserLines FormatOf(ParseResult parsed, string file) => parsed.GetValue(Format) switch
    {
        "csv" => UserLines.Csv,
        null when file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) => UserLines.Csv,
        _ => UserLines.Ndjson,
    };

    // Only the lines that could not be imported are of interest to a reader.
    private static IEnumerable<string> Explain(string line, bool isDryRun)
    {
        using var json = JsonDocument.Parse(line);
        if (json.RootElement.TryGetProperty("lines", out _))
            return [(isDryRun ? "Nothing was stored. An import would give " : "") + string.Join(", ", json.RootElement
                .EnumerateObject().Select(total => $"{total.Name}: {CommandProgress.Show(total.Value.GetInt64())}"))];
        return json.RootElement.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateArray().Select(error => string.Join(' ', new[]
            {
                $"line {json.RootElement.GetProperty("line")}:", $"{error.GetProperty("pointer")}",
                $"{error.GetProperty("code")}:", $"{error.GetProperty("detail")}",
            }.Where(part => part.Length > 0)))]
            : [];
    }

    /// <returns>Whether every line was imported.</returns>
    private static bool PrintTotals(string line, Action<string> print)
    {
        using var json = JsonDocument.Parse(line.Length > 0 ? line : "{}");
        if (!json.RootElement.TryGetProperty("lines", out _))
            throw CommandException.Unavailable($"The import ended early: {line}");
        print(line);
        return json.RootElement.GetProperty("conflict").GetInt64() + json.RootElement.GetProperty("invalid").GetInt64() == 0;
    }

    private static Option<string?> OneOf(string name, string description, params string[] allowed)
    {
        var option = new Option<string?>(name) { Description = $"{description} One of {string.Join(", ", allowed)}." };
        option.CompletionSources.Add(allowed);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !allowed.Contains(token.Value))
                result.AddError($"{name} must be {string.Join(" or ", allowed)}. {Spelling.Suggest(token.Value, allowed)}");
        });
        return option;
    }

    private static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName($"{value}");
}
