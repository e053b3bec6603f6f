using System.CommandLine;
using System.Globalization;
using MediatR;
using UserCqrs.Application;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.ApiKeys;

namespace UserCqrs.Web.CommandLine;

/// <summary><c>keys create | list | revoke</c>: the only way to manage API keys. The service may be running.</summary>
internal static class KeyCommands
{
    public static Command Create(Func<ParseResult, IConfiguration> settings) =>
        new("keys", "Manages the API keys of the database that DATABASE_URL names. The service may be running.")
        {
            CreateKey(settings),
            ListKeys(settings),
            RevokeKey(settings),
        };

    /// <summary>Counts the keys that are neither revoked nor expired.</summary>
    /// <exception cref="ConfigurationException">The keys cannot be read.</exception>
    public static async Task<int> CountValidAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var (keys, now) = (await SendAsync(configuration, new ListApiKeys(), cancellationToken), DateTimeOffset.UtcNow);
        return keys.Count(key => key.RevokedAt is null && !(key.ExpiresAt <= now));
    }

    private static Command CreateKey(Func<ParseResult, IConfiguration> settings)
    {
        var name = new Option<string>("--name") { Description = "The owner of the key, such as billing.", Required = true };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What the key allows: users:read, users:write (which does not include reading) or users:admin "
                + "(everything). Repeat the option for several scopes.",
            Required = true,
        };
        scopes.CompletionSources.Add([.. Scope.All]);
        var days = new Option<int?>("--days")
        {
            Description = $"The number of days after which the key expires, 1 to {CreateApiKey.MaxDays}. "
                + "Without this option, it does not expire.",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                    return count;
                result.AddError($"--days: The lifetime must be 1 to {CreateApiKey.MaxDays} days.");
                return null;
            },
        };
        var command = new Command(
            "create", "Creates a key and prints its token, which is shown only once because only a hash of it is stored. Once a "
            + "key exists, every caller needs one. To rotate a key, create another, hand it out, and revoke the old one.")
        {
            name,
            scopes,
            days,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var configuration = settings(parsed);
            var key = await SendAsync(
                configuration,
                new CreateApiKey(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scopes), parsed.GetValue(days)),
                cancellationToken);
            await Console.Error.WriteLineAsync(
                $"Key {key.Id} was created in {DatabaseLocation.From(configuration)}; its token is shown only once:");
            Console.WriteLine(key.Token);
        });
        return command;
    }

    private static Command ListKeys(Func<ParseResult, IConfiguration> settings)
    {
        var command = new Command("list", "Lists all keys, expired and revoked ones included, the oldest first.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var keys = await SendAsync(settings(parsed), new ListApiKeys(), cancellationToken);
            const string row = "{0,-8}  {1,-20}  {2,-32}  {3,-17}  {4,-17}  {5,-17}  {6}";
            Console.WriteLine(row, "id", "name", "scopes", "created", "expires", "revoked", "last used");
            foreach (var key in keys)
            {
                Console.WriteLine(
                    row, key.Id, key.Name, string.Join(' ', key.Scopes), Show(key.CreatedAt), Show(key.ExpiresAt),
                    Show(key.RevokedAt), Show(key.LastUsedAt));
            }
        });
        return command;
    }

    private static Command RevokeKey(Func<ParseResult, IConfiguration> settings)
    {
        var argument = new Argument<string>("id")
        {
            Description = "The key's id, which is the 8 characters after ucq_ that list shows, or its whole token.",
        };
        var command = new Command("revoke", "Revokes a key permanently.") { argument };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var given = parsed.GetRequiredValue(argument);
            var id = ApiKeyToken.IsWellFormed(given) ? ApiKeyToken.IdOf(given).ToString() : given;
            await SendAsync(settings(parsed), new RevokeApiKey(id), cancellationToken);
            Console.WriteLine($"Key {id} is revoked; every instance rejects it within 3 seconds.");
        });
        return command;
    }

    /// <exception cref="UsageException">The input is invalid.</exception>
    /// <exception cref="ConfigurationException">The database cannot be used, or there is no such key.</exception>
    private static async Task<TValue> SendAsync<TValue>(
        IConfiguration configuration, IMessage<TValue> message, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection()
            .AddLogging().AddApplication().AddApiKeyAdministration(configuration).BuildServiceProvider();
        try
        {
            var result = await services.GetRequiredService<IMediator>().Send(message, cancellationToken);
            return result.Match(value => value, error => throw Explain(error, message));
        }
        catch (DatabaseUnavailableException e)
        {
            throw new ConfigurationException(
                $"The keys of {DatabaseLocation.From(configuration)} cannot be used: {e.Message}", e);
        }
    }

    // What was given as an id is repeated only if it is as short as one: it may be a mistyped token.
    private static Exception Explain(Error error, IMessage message) => message is RevokeApiKey { Id: var id }
        ? new ConfigurationException(
            id.StartsWith(ApiKeyToken.Prefix, StringComparison.Ordinal) ? "The token is mistyped or cut off."
            : $"There is no key {(id.Length == ApiKeyToken.IdLength ? id : "with that id")}. Run keys list to see all keys.")
        : new UsageException(string.Join(' ', error.Inputs.Select(input => $"--{input.Member}: {input.Detail}")));

    private static string Show(DateTimeOffset? time) =>
        time?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";
}
