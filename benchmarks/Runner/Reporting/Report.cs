namespace UserCqrs.Runner.Reporting;

/// <summary>The page with the results.</summary>
internal static class Report
{
    public static string Of(Settings settings, string machine, IEnumerable<Table> tables) =>
        $"""
        # Benchmarks

        Measured on {DateTime.UtcNow:yyyy-MM-dd} by `dotnet run -c Release --project benchmarks/Runner -- {settings}`.
        [benchmarks/README.md](../benchmarks/README.md) describes the contenders and the load.

        **How to read it.** Numbers are medians over the rounds. "The first row is 2×" means that it did twice as well as the
        row with that value (more requests per second, or less time); below 1, it did worse. Ratios apply to other machines
        better than numbers do. "Not credible" marks a row whose best round is over 2 times its worst: repeat it on a quieter
        machine before you use it.

        {machine}

        {string.Join('\n', tables)}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
