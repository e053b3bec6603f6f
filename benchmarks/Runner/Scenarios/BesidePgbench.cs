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
    private string? _url;

    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        if (contender == pgbench)
            return [new(contender.Name, 0, await PgbenchAsync(bench, cancellationToken))];

        var server = await bench.KeepAsync(contender, traffic(contender, bench.Users), cancellationToken);
        return [Row.Of(contender.Name, await bench.MeasureAsync(server, traffic(contender, bench.Users), cancellationToken))];
    }

    private async Task<double> PgbenchAsync(Bench bench, CancellationToken cancellationToken)
    {
        _url ??= await bench.Data.CopyAsync(pgbench, bench.Users, cancellationToken);
        var output = await Tool.RunAsync(
            PostgresServer.PathOf("pgbench"),
            [
                "-n", "-M", "prepared", "-j", "1", "-c", $"{connections}", "-T", $"{bench.Settings.Seconds}", "-D", $"users={bench.Users}",
                "-f", Path.Combine(Paths.Benchmarks, "pgbench", script), _url,
            ],
            TimeSpan.FromSeconds(bench.Settings.Seconds + 60), cancellationToken);
        return double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Tps();
}
