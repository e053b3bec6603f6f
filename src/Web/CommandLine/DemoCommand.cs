using System.CommandLine;
using System.Globalization;
using UserCqrs.Infrastructure;
using static UserCqrs.Web.CommandLine.CommandProgress;

namespace UserCqrs.Web.CommandLine;

/// <summary><c>demo</c>: fills an empty database with invented people.</summary>
internal static class DemoCommand
{
    private const int MaxUsers = 100_000_000;

    public static Command Create(Func<ParseResult, IConfiguration> settings)
    {
        var users = new Option<long>("--users")
        {
            Description = $"The number of people, 1 to {Show(MaxUsers)}.",
            Required = true,
        };
        users.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(long.TryParse(token.Value, out var count) && count is >= 1 and <= MaxUsers))
                result.AddError($"--users: The number must be 1 to {Show(MaxUsers)}, without separators.");
        });
        var seed = new Option<int>("--seed")
        {
            Description = "A whole number; the same one invents the same people.",
            DefaultValueFactory = _ => 1,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                    return number;
                result.AddError("--seed: The seed must be a whole number.");
                return 0;
            },
        };
        var command = new Command(
            "demo", "Fills the database that DATABASE_URL names, ./users.db by default, with invented people of many "
            + "countries. It must have no users. Stop the service first. A million people take two to four minutes and half a "
            + "gigabyte; if you interrupt it, those that were written stay.")
        {
            users,
            seed,
        };
        command.SetAction(async (parsed, _) =>
        {
            var (configuration, count) = (settings(parsed), parsed.GetValue(users));
            var database = DatabaseLocation.From(configuration);
            var written = 0L;
            await CommandProgress.ShowAsync("Inventing", "people", count, (progress, print) => Interruption.RunAsync(
                cancelled => Maintenance.DemoAsync(
                    configuration, count, parsed.GetValue(seed), done => progress(written = done), print, cancelled),
                () => $"{Show(written)} of {Show(count)} people are in {database}. To start over, name an empty database."));
            Console.WriteLine($"{Show(count)} invented people are in {database}.");
        });
        return command;
    }
}
