using System.Globalization;
using System.Text.RegularExpressions;
using UserCqrs.IntegrationTests.Postgres;
using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>As much as each can take from PostgreSQL, and as much as PostgreSQL's own client gets out of it.</summary>
/// <remarks>The script is what pgbench runs: a file in <c>benchmarks/pgbench</c>.</remarks>
internal sealed partial class BesidePgbench(
    string name, string title, string script, int connections, Func<Contender, int, Traffic> traffic,
    Contender pgbench, params Contender[] servers)
    : Scenario(name, title, [PerSecond], [servers[0], pgbench, .. servers[1..]])
{
    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        if (contender == pgbench)
            return [new(contender.Name, 0, await PgbenchAsync(bench, cancellationToken))];

        using var server = await bench.ServeAsync(contender, bench.Users, cancellationToken);
        return [Row.Of(contender.Name, await bench.SaturateAsync(server, () => traffic(contender, bench.Users), cancellationToken))];
    }

    private async Task<double> PgbenchAsync(Bench bench, CancellationToken cancellationToken)
    {
        var url = await bench.Data.CopyAsync(pgbench, bench.Users, cancellationToken);
        await RunAsync(Math.Min(3, bench.Settings.Warmup));
        return await RunAsync(bench.Settings.Seconds);

        async Task<double> RunAsync(int seconds)
        {
            var output = await Tool.RunAsync(
                PostgresServer.PathOf("pgbench"),
                [
                    "-n", "-M", "prepared", "-j", "1", "-c", $"{connections}", "-T", $"{seconds}", "-D", $"users={bench.Users}",
                    "-f", Path.Combine(Paths.Benchmarks, "pgbench", script), url,
                ],
                TimeSpan.FromSeconds(seconds + 60), cancellationToken);
            return double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        }
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Tps();
}
