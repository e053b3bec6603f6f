namespace UserCqrs.Runner.Reporting;

/// <summary>The page that is written.</summary>
internal static class Report
{
    public static string Of(Settings settings, string machine, IEnumerable<Table> tables) =>
        $"""
        # Benchmarks

        Measured on {DateTime.UtcNow:yyyy-MM-dd} by `dotnet run -c Release --project benchmarks/Runner -- {settings}`.
        What each contender is, and how it is driven: [benchmarks/README.md](../benchmarks/README.md).

        **How to read it.** Numbers are medians over the rounds; "the first row is 2×" means that it did twice as well as the
        row where that stands (more requests per second, or less time), below 1 that it did worse. Ratios travel to other
        machines better than numbers do.

        {machine}

        {string.Join('\n', tables)}
        """.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
