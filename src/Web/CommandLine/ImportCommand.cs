using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users.Importing;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Http;
using UserCqrs.Web.Http.Bulk;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.CommandLine;

/// <summary><c>import</c>: many users from a file, straight into the database or through a running service.</summary>
internal static class ImportCommand
{
    private const string ToGoOn = "What was stored stays. To go on, import the file again with --on-conflict skip.";

    public static Command Create(Func<ParseResult, IConfiguration> settings)
    {
        var file = new Argument<string>("file") { Description = "The file, or - for standard input." };
        var onConflict = BulkFile.OneOf(
            "--on-conflict", "What happens to a line whose user exists; fail by default.", "fail", "skip", "update");
        var by = BulkFile.OneOf(
            "--by", "The member by which skip and update find users; email by default.", "email", "externalId");
        var dryRun = new Option<bool>("--dry-run") { Description = "Stores no user, and reports what would happen." };
        var json = new Option<bool>("--json") { Description = "Prints what became of every line as JSON." };
        var command = new Command(
            "import", "Imports users from a file with one user on each line: newline-delimited JSON, or CSV with a header. Lines "
            + "that cannot be imported are printed, and the exit code is then 65; the others are stored. If you interrupt it, "
            + "what was stored stays.")
        {
            file, BulkFile.Format, onConflict, by, dryRun, json, RemoteService.Url, RemoteService.Key,
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

    private static async Task<int> ImportAsync(
        ParseResult parsed, IConfiguration configuration, string file, ImportOptions options, bool isJson)
    {
        using var service = RemoteService.In(parsed);
        await using var input = OpenInput(file);
        var format = BulkFile.FormatOf(parsed, file);
        var (isFine, reported) = (true, 0L);
        await CommandProgress.ShowAsync("Importing", BulkFile.Unit, LengthOf(input), async (progress, print) =>
        {
            var read = 0L;
            await using var counted = new ObservedStream(input, octets => progress((read += octets) / BulkFile.OctetsInUnit));
            await Interruption.RunAsync(
                async cancelled => isFine = service is null
                    ? await StoreAsync(configuration, counted, format, options, Print, cancelled)
                    : await SendAsync(service, counted, format, options, Print, cancelled),
                () => $"{CommandProgress.Show(reported)} lines were done. {ToGoOn}");

            void Print(string line)
            {
                reported++;
                try
                {
                    foreach (var text in isJson ? [line] : Explain(line, options.IsDryRun))
                        print(CheckCommands.Printable(text));
                }
                catch (IOException e)
                {
                    throw CommandException.InputOutput($"Standard output cannot be written: {e.Message} {ToGoOn}", e);
                }
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
        try
        {
            var last = "";
            using var response = await RemoteService.RequestAsync(
                service, request, UserLines.Ndjson.Body.MediaType, cancellationToken);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (last.Length > 0)
                    print(last);
                last = line;
            }

            return PrintTotals(last, print);
        }
        catch (IOException e)
        {
            throw CommandException.Unavailable($"The connection was lost: {e.Message} {ToGoOn}", e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CommandException.Unavailable($"{service.BaseAddress} does not answer as this service does: {e.Message}", e);
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
        if (file == BulkFile.Stdio)
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

    private static long? LengthOf(Stream input) => input.CanSeek ? input.Length / BulkFile.OctetsInUnit : null;

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
                $"line {json.RootElement.GetProperty("line")}{ColumnOf(error)}:", $"{error.GetProperty("pointer")}",
                $"{error.GetProperty("code")}:", $"{error.GetProperty("detail")}",
            }.Where(part => part.Length > 0)))]
            : [];
    }

    private static string ColumnOf(JsonElement error) =>
        error.TryGetProperty("column", out var column) ? $", column {column}" : "";

    /// <returns>Whether every line was imported.</returns>
    private static bool PrintTotals(string line, Action<string> print)
    {
        using var json = JsonDocument.Parse(line.Length > 0 ? line : "{}");
        if (!json.RootElement.TryGetProperty("lines", out _))
            throw CommandException.Unavailable($"The import ended early: {line}");
        print(line);
        if (json.RootElement.GetProperty("lines").GetInt64() == 0)
            throw new CommandException(CheckCommands.Broken, "The file is empty: nothing was imported.");
        return json.RootElement.GetProperty("conflict").GetInt64() + json.RootElement.GetProperty("invalid").GetInt64() == 0;
    }

    private static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName($"{value}");
}
