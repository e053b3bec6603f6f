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
    private int _runs;

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
        if (_url is null)
        {
            _url = await bench.Data.CopyAsync(pgbench, bench.Users, cancellationToken);
            await PgbenchAsync(_url, bench.Users, bench.Settings.Warmup, cancellationToken); // as long as the servers
        }

        return await PgbenchAsync(_url, bench.Users, bench.Settings.Seconds, cancellationToken);
    }

    // One thread could not keep the server busy. New users get e-mail addresses in the order in which wrk gives them.
    private async Task<double> PgbenchAsync(string url, int users, int seconds, CancellationToken cancellationToken)
    {
        var output = await Tool.RunAsync(
            PostgresServer.PathOf("pgbench"),
            [
                "-n", "-M", "prepared", "-j", $"{Environment.ProcessorCount}", "-c", $"{connections}", "-T", $"{seconds}",
                "-D", $"users={users}", "-D", $"seed=pgbench{++_runs}", "-D", $"clients={connections}", "-D", "created=0",
                "-f", Path.Combine(Paths.Benchmarks, "pgbench", script), url,
            ],
            TimeSpan.FromSeconds(seconds + 60), cancellationToken);
        return double.Parse(Tps().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without")]
    private static partial Regex Tps();
}
