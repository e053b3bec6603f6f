using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>How long users wait when a contender has half as much to do as it can: who can do more has more to do.</summary>
internal sealed class Latency(
    string title, Func<Contender, int, Traffic> saturating, Func<Contender, int, Func<long, byte[]>> steady,
    params Contender[] contenders)
    : Scenario("latency", title,
        [
            new("requests/s", "N0"), new("p50 ms", "N2"), new("p99 ms", "N2", Better.Less), new("p99.9 ms", "N2"),
            new("max ms", "N2"),
        ],
        contenders)
{
    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        using var server = await bench.ServeAsync(contender, bench.Users, cancellationToken);
        var most = await bench.SaturateAsync(server, () => saturating(contender, bench.Users), cancellationToken);
        var rate = most.PerSecond / 2;
        await ArriveAsync(seconds: 1);
        var latencies = await ArriveAsync(bench.Settings.Seconds);
        return
        [
            new(contender.Name, most.Failed + latencies.Failed,
                rate, latencies.At(0.5), latencies.At(0.99), latencies.At(0.999), latencies.At(1)),
        ];

        Task<Latencies> ArriveAsync(int seconds) =>
            new OpenLoop(server.Port, rate, TimeSpan.FromSeconds(seconds), steady(contender, bench.Users))
                .RunAsync(cancellationToken);
    }
}
