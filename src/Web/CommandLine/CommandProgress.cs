using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace UserCqrs.Web.CommandLine;

/// <summary>
/// Shows on standard error how far a command is: on a terminal a bar with the rate and the remaining time, otherwise a line every
/// five seconds.
/// </summary>
internal static class CommandProgress
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <summary>Shows the progress of some work.</summary>
    /// <param name="what">What is done, such as <c>Importing</c>.</param>
    /// <param name="unit">What is counted, such as <c>people</c>.</param>
    /// <param name="total">The number of all units, or <c>null</c> if nobody knows.</param>
    /// <param name="work">
    /// The work, which calls the first action with the number of units that are done, from one thread at a time, and prints its
    /// results by the second one, so that a bar does not overwrite them.
    /// </param>
    public static async Task ShowAsync(
        string what, string unit, long? total, Func<Action<long>, Action<string>, Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            var reported = TimeProvider.System.GetTimestamp();
            await work(Report, Console.WriteLine);
            return;

            void Report(long done)
            {
                if (TimeProvider.System.GetElapsedTime(reported) < ReportInterval)
                    return;
                reported = TimeProvider.System.GetTimestamp();
                Console.Error.WriteLine($"{what}: {Show(done)}{(total is null ? "" : $" of {Show(total.Value)}")} {unit}");
            }
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        ProgressColumn[] columns = total is null
            ? [new TaskDescriptionColumn(), new SpinnerColumn(), new DoneColumn(unit), new RateColumn(unit)]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RateColumn(unit),
                new RemainingTimeColumn()];
        await terminal.Progress().Columns(columns).StartAsync(async context =>
        {
            var bar = context.AddTask(what, maxValue: total ?? long.MaxValue);
            await work(done => bar.Value = done, Console.IsOutputRedirected ? Console.WriteLine : terminal.WriteLine);
        });
    }

    public static string Show(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class DoneColumn(string unit) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text($"{Show(task.Value)} {unit}");
    }

    private sealed class RateColumn(string unit) : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Speed is { } speed ? $"{Show(speed)} {unit}/s" : "");
    }
}
