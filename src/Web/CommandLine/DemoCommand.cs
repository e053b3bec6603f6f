using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Spectre.Console;
using UserCqrs.Infrastructure;

namespace UserCqrs.Web.CommandLine;

/// <summary><c>demo</c>: fills an empty database with invented people.</summary>
internal static class DemoCommand
{
    private const int MaxUsers = 100_000_000;

    private const int UsersBetweenReports = 100_000;

    /// <summary>128 and the number of SIGINT, as shells report it.</summary>
    private const int Interrupted = 130;

    public static Command Create(Func<ParseResult, IConfiguration> settings)
    {
        var users = new Option<long>("--users")
        {
            Description = $"The number of people, 1 to {Show(MaxUsers)}. Example: demo --users 10000",
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
            using var interruption = new CancellationTokenSource();
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
            var written = 0L;
            try
            {
                await ShowProgressAsync(count, progress => Maintenance.DemoAsync(
                    configuration, count, parsed.GetValue(seed), done => progress(written = done), Console.Error.WriteLine,
                    interruption.Token));
            }
            catch (Exception) when (interruption.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync(
                    $"Interrupted. {Show(written)} of {Show(count)} people are in {database}. To start over, name an "
                    + "empty database.");
                return Interrupted;
            }

            Console.WriteLine($"{Show(count)} invented people are in {database}.");
            return 0;

            void Cancel(PosixSignalContext signal)
            {
                signal.Cancel = true;
                interruption.Cancel();
            }
        });
        return command;
    }

    private static Task ShowProgressAsync(long count, Func<Action<long>, Task> work)
    {
        if (Console.IsErrorRedirected)
            return work(written =>
            {
                if (written % UsersBetweenReports == 0)
                    Console.Error.WriteLine($"{Show(written)} of {Show(count)} people");
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

    private static string Show(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
