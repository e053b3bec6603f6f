using System.CommandLine;
using System.Globalization;
using MediatR;
using UserCqrs.Application;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Infrastructure;
using UserCqrs.Web.Hosting;

namespace UserCqrs.Web.CommandLine;

/// <summary>
/// <c>check</c>: whether the service could use its settings and its database; <c>check attributes</c>: finds stored data that the
/// settings do not allow. The service may be running.
/// </summary>
internal static class CheckCommands
{
    /// <summary>EX_DATAERR of sysexits.h.</summary>
    public const int Broken = 65;

    private const int UsersBetweenReports = 100_000;

    public static Command Create(Func<ParseResult, IConfiguration> settings)
    {
        var attributes = new Command(
            "attributes", "Lists the users whose attributes break the JSON Schema that Users:AttributesSchema names. They may be "
            + $"older than the schema. The exit code is {Broken} if there are any.");
        attributes.SetAction((parsed, cancellationToken) => CheckAttributesAsync(settings(parsed), cancellationToken));
        var command = new Command(
            "check", "Checks the settings, the schema of attributes, the database that DATABASE_URL names, its files and its API "
            + "keys; or a running service and a key for it. Changes nothing; the service may be running. The exit code is 78 if "
            + "something must be fixed.")
        {
            attributes, RemoteService.Url, RemoteService.Key,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var service = RemoteService.In(parsed);
            return service is null
                ? await CheckAllAsync(settings(parsed), cancellationToken)
                : await CheckServiceAsync(service, cancellationToken);
        });
        return command;
    }

    private static async Task<int> CheckAllAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            DatabaseLocation.From(configuration);
        }
        catch (ConfigurationException e)
        {
            Console.WriteLine($"settings: {e.Message}");
            return StartupFailure.ExitCode;
        }

        var isSound = true;
        Console.WriteLine("settings: all names and values are valid"); // others have ended the command before
        await ReportAsync("schema", () =>
        {
            AttributesSchemaFile.Read(configuration);
            return Task.FromResult(AttributesSchemaFile.PathIn(configuration) is { } path
                ? $"{path} can be used"
                : "none, so attributes may be any object");
        });
        await ReportAsync("database", async () =>
        {
            await using var services = new ServiceCollection().AddLogging().AddUserReading(configuration).BuildServiceProvider();
            await services.RequireCurrentDatabaseAsync(cancellationToken);
            return $"{DatabaseLocation.From(configuration)} can be read and is up to date";
        });
        await ReportAsync("files", () => Task.FromResult(Maintenance.DescribeFiles(configuration)));
        await ReportAsync("keys", async () =>
        {
            var count = await KeyCommands.CountValidAsync(configuration, cancellationToken);
            return count > 0 ? $"{Show(count)} can be used" : "none; keys create makes one";
        });
        return isSound ? 0 : StartupFailure.ExitCode;

        async Task ReportAsync(string what, Func<Task<string>> check)
        {
            try
            {
                Console.WriteLine($"{what}: {await check()}");
            }
            catch (Exception e) when (e is ConfigurationException or DatabaseUnavailableException)
            {
                isSound = false;
                Console.WriteLine($"{what}: {e.Message}");
            }
        }
    }

    private static async Task<int> CheckServiceAsync(HttpClient service, CancellationToken cancellationToken)
    {
        var key = service.DefaultRequestHeaders.Authorization;
        service.DefaultRequestHeaders.Authorization = null;
        await GetAsync("health/ready", null);
        Console.WriteLine($"service: {service.BaseAddress} is ready");
        if (key is not null && await IsOpenAsync())
        {
            Console.WriteLine("access: users can be read without a key, so the key was not checked");
            return 0;
        }

        service.DefaultRequestHeaders.Authorization = key;
        await GetAsync("v1/users?limit=1", "application/json");
        Console.WriteLine(key is null ? "access: users can be read without a key" : "access: the key may read users");
        return 0;

        async Task<bool> IsOpenAsync()
        {
            using var response = await service.GetAsync("v1/users?limit=1", cancellationToken);
            return response.IsSuccessStatusCode;
        }

        async Task GetAsync(string path, string? mediaType)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var response = await RemoteService.RequestAsync(service, request, mediaType, cancellationToken);
        }
    }

    private static async Task<int> CheckAttributesAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection()
            .AddLogging().AddApplication().AddUserReading(configuration, needsSchema: true).BuildServiceProvider();
        try
        {
            await services.RequireCurrentDatabaseAsync(cancellationToken);
            var users = (await services.GetRequiredService<IMediator>().Send(new CheckAttributes(), cancellationToken)).Value;
            var (count, broken) = (0L, 0L);
            await foreach (var user in users.WithCancellation(cancellationToken))
            {
                foreach (var violation in user.Violations)
                    Console.WriteLine(Printable(
                        $"user {user.UserId}: /attributes{violation.Path} {violation.Code}: {violation.Detail}"));
                broken += user.Violations.Count > 0 ? 1 : 0;
                if (++count % UsersBetweenReports == 0)
                    await Console.Error.WriteLineAsync($"{Show(count)} users checked");
            }

            Console.WriteLine(broken == 0
                ? $"The attributes of all {Show(count)} users match the schema."
                : $"The attributes of {Show(broken)} of {Show(count)} users break the schema.");
            return broken == 0 ? 0 : Broken;
        }
        catch (DatabaseUnavailableException e)
        {
            throw new ConfigurationException($"{DatabaseLocation.From(configuration)} cannot be read: {e.Message}", e);
        }
    }

    // Names of attributes may have characters that move the cursor of a terminal, or that start another line.
    public static string Printable(string text) => string.Concat(text.Select(character =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator ? $"\\u{(int)character:x4}" : $"{character}"));

    private static string Show(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
