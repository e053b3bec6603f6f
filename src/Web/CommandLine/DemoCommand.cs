using System.CommandLine;
using Spectre.Console;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.CommandLine;

/// <summary><c>demo</c>: fills an empty database with invented people.</summary>
internal static class DemoCommand
{
    private const int MaxUsers = 100_000_000;

    private const int UsersBetweenReports = 100_000;

    public static Command Create(Func<ParseResult, IConfiguration> settings)
    {
        var users = new Option<long>("--users")
        {
            Description = $"The number of people, 1 to {MaxUsers:N0}. Example: demo --users 10000",
            Required = true,
        };
        users.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(long.TryParse(token.Value, out var count) && count is >= 1 and <= MaxUsers))
                result.AddError($"--users: The number must be 1 to {MaxUsers:N0}, without separators.");
        });
        var seed = new Option<int>("--seed")
        {
            Description = "A number; the same one invents the same people.",
            DefaultValueFactory = _ => 1,
        };
        var command = new Command(
            "demo", "Fills the database that DATABASE_URL names with invented people of many countries. It must have no users. "
            + "Stop the service first.")
        {
            users,
            seed,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (configuration, count) = (settings(parsed), parsed.GetValue(users));
            await ShowProgressAsync(count, progress => Maintenance.DemoAsync(
                configuration, count, parsed.GetValue(seed), progress, Console.Error.WriteLine, cancellationToken));
            Console.WriteLine($"{DatabaseLocation.From(configuration)} has {count} invented people.");
        });
        return command;
    }

    private static Task ShowProgressAsync(long count, Func<Action<long>, Task> work)
    {
        if (Console.IsErrorRedirected)
            return work(written =>
            {
                if (written % UsersBetweenReports == 0 && written > 0)
                    Console.Error.WriteLine($"{written} of {count} users");
            });
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("Inventing people", maxValue: count);
                await work(written => bar.Value = written);
            });
    }
}
