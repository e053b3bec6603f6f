using System.CommandLine;
using System.IO.Pipelines;
using MediatR;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Http.Bulk;

namespace UserCqrs.Web.CommandLine;

/// <summary><c>export</c>: all users to a file, straight from the database or through a running service.</summary>
internal static class ExportCommand
{
    public static Command Create(Func<ParseResult, IConfiguration> settings)
    {
        var file = new Argument<string>("file")
        {
            Description = "The file to write, which must not exist, or - for standard output.",
        };
        var command = new Command(
            "export", "Writes all users to a file, as newline-delimited JSON or CSV, which import can read. The service may be "
            + "running.")
        {
            file, BulkFile.Format, RemoteService.Url, RemoteService.Key,
        };
        command.SetAction((parsed, _) => ExportAsync(parsed, settings(parsed), parsed.GetRequiredValue(file)));
        return command;
    }

    private static async Task<int> ExportAsync(ParseResult parsed, IConfiguration configuration, string file)
    {
        using var service = RemoteService.In(parsed);
        var format = BulkFile.FormatOf(parsed, file);
        if (file != BulkFile.Stdio && Path.Exists(file))
            throw CommandException.InputOutput($"The file {file} already exists and was left unchanged. Choose another name.");
        await CommandProgress.ShowAsync("Exporting", BulkFile.Unit, total: null, (progress, _) => Interruption.RunAsync(
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
    private static async Task WriteFileAsync(string file, Action<long> progress, Func<Stream, Task> write)
    {
        var unfinished = $"{file}.{Guid.NewGuid():N}.unfinished"; // two exports may write to the same name
        try
        {
            var written = 0L;
            await using (var output =
                file == BulkFile.Stdio ? Console.OpenStandardOutput() : new FileStream(unfinished, FileMode.CreateNew))
            await using (var counted = new ObservedStream(
                output, octets => progress((written += octets) / BulkFile.OctetsInUnit)))
            {
                await write(counted);
            }

            if (file != BulkFile.Stdio)
                File.Move(unfinished, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.InputOutput(
                Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))) ? $"{file} cannot be written: {e.Message}"
                : $"{file} cannot be written: its folder does not exist.", e);
        }
        finally
        {
            if (file != BulkFile.Stdio && File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }
}
