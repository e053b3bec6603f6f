using System.Diagnostics;
using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>All users in one answer: how long it takes, and how much memory five of them leave taken.</summary>
internal sealed class FullList(params Contender[] contenders) : Scenario(
    "list", "all users in one answer, five times in turn",
    [new("ms", "N0", Better.Less), new("MB in the answer", "N1"), new("MB of memory more than before", "N0")], contenders)
{
    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        using var server = await bench.ServeAsync(contender, bench.Users, cancellationToken);
        await Wrk.RunAsync(server, Traffics.Get(contender, 32, 1, bench.Users), bench.Settings.Warmup, cancellationToken);
        var before = server.ResidentMegabytes();

        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        var milliseconds = new List<double>();
        long octets = 0, failed = 0;
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(
                new Uri($"http://127.0.0.1:{server.Port}{contender.Routes.List}"),
                HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            octets = await DrainAsync(answer, cancellationToken);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            failed += answer.IsSuccessStatusCode ? 0 : 1;
        }

        var more = server.ResidentMegabytes() - before;
        return [new(contender.Name, failed, milliseconds.Order().ElementAt(2), octets / 1e6, more)];
    }

    private static async Task<long> DrainAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var octets = 0L;
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            octets += read;
        return octets;
    }
}
