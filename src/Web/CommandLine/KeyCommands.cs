using System.CommandLine;
using System.Globalization;
using UserCqrs.Domain;
using UserCqrs.Infrastructure;
using UserCqrs.Infrastructure.ApiKeys;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.CommandLine;

/// <summary><c>keys create | list | revoke</c>: the only way to manage API keys. The service may be running.</summary>
internal static class KeyCommands
{
    public static Command Create(Func<ParseResult, IConfiguration> settings) =>
        new("keys", "Manages the API keys of the database that DATABASE_URL names, while the service runs or not.")
        {
            CreateKey(settings),
            ListKeys(settings),
            RevokeKey(settings),
        };

    private static Command CreateKey(Func<ParseResult, IConfiguration> settings)
    {
        var name = new Option<string>("--name") { Description = "Who has it, such as billing.", Required = true };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { Length: <= 100 } given || !UserName.TryParse(given, out _, out _))
                result.AddError(
                    "--name must have 1 to 100 characters, one of them visible; no control characters or direction overrides.");
        });
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do; users:read and users:write do not include each other, users:admin is everything. "
                + "Repeat it for several.",
            Required = true,
        };
        scopes.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !Scope.All.Contains(token.Value)) is { } wrong)
                result.AddError(
                    $"--scope is '{wrong.Value}'; it must be one of {string.Join(", ", Scope.All)}. Repeat it for several.");
        });
        var days = new Option<int?>("--days")
        {
            Description = "After how many days it expires, 1 to 3650. Without, it does not.",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count is >= 1 and <= 3650)
                    return count;
                result.AddError("--days must be 1 to 3650.");
                return null;
            },
        };
        var command = new Command(
            "create", "Makes a key and prints it: once, for only its hash is kept. From the first key on, every caller needs "
            + "one. To rotate a key, make the next, hand it out, and revoke the former.") { name, scopes, days };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var keys = new ApiKeyAdministration(settings(parsed));
            var lifetime = parsed.GetValue(days) is { } count ? TimeSpan.FromDays(count) : (TimeSpan?)null;
            var (key, token) = await keys.CreateAsync(
                parsed.GetRequiredValue(name), [.. parsed.GetRequiredValue(scopes).Distinct()], lifetime, cancellationToken);
            await Console.Error.WriteLineAsync($"Key {key.Id} is made in {keys.Database}; this is shown once:");
            Console.WriteLine(token);
        });
        return command;
    }

    private static Command ListKeys(Func<ParseResult, IConfiguration> settings)
    {
        var command = new Command("list", "Lists all keys there ever were, the oldest first.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var keys = new ApiKeyAdministration(settings(parsed));
            const string row = "{0,-8}  {1,-20}  {2,-32}  {3,-17}  {4,-17}  {5,-17}  {6}";
            Console.WriteLine(row, "id", "name", "scopes", "created", "expires", "revoked", "last used");
            foreach (var key in await keys.ListAsync(cancellationToken))
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
        var id = new Argument<string>("id")
        {
            Description = "The key's id, the 8 characters after ucq_ that list shows, or the whole key.",
        };
        var command = new Command("revoke", "Ends a key for good.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var keys = new ApiKeyAdministration(settings(parsed));
            var given = parsed.GetRequiredValue(id);
            var key = ApiKeyToken.IsWellFormed(given) ? ApiKeyToken.IdOf(given).ToString() : given;
            if (!await keys.RevokeAsync(key, cancellationToken))
                throw new ConfigurationException(
                    $"There is no key {(key.Length == ApiKeyToken.IdLength ? key : "of that id")}. "
                    + "The command keys list shows those there are.");
            Console.WriteLine($"Key {key} is revoked; every instance refuses it within 5 seconds.");
        });
        return command;
    }

    private static string Show(DateTimeOffset? time) =>
        time?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "-";
}
