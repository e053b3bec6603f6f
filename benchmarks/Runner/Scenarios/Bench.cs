using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>What every scenario works with.</summary>
internal sealed class Bench(Settings settings, Dataset data) : IDisposable
{
    private readonly Dictionary<Contender, Server> _kept = [];

    public Settings Settings => settings;

    public Dataset Data => data;

    public int Users => settings.Users;

    /// <summary>Starts a contender on a fresh copy of its data.</summary>
    public async Task<Server> ServeAsync(Contender contender, int users, CancellationToken cancellationToken) =>
        await Server.StartAsync(
            contender, await data.CopyAsync(contender, users, cancellationToken), hasUsers: true, cancellationToken);

    /// <summary>
    /// A contender that stays up from round to round, warmed up once. While it idles it costs nothing, and what is measured
    /// in turn is close in time: the speed of a machine drifts.
    /// </summary>
    public async Task<Server> KeepAsync(Contender contender, Traffic warmUp, CancellationToken cancellationToken)
    {
        if (!_kept.TryGetValue(contender, out var server))
        {
            _kept[contender] = server = await ServeAsync(contender, Users, cancellationToken);
            await WarmUpAsync(server, warmUp, cancellationToken);
        }

        return server;
    }

    /// <summary>Ends what was kept.</summary>
    public void StopAll()
    {
        foreach (var server in _kept.Values)
            server.Dispose();
        _kept.Clear();
    }

    /// <summary>Warms up with traffic of a kind and then measures it.</summary>
    public async Task<Load> SaturateAsync(Server server, Func<Traffic> traffic, CancellationToken cancellationToken)
    {
        await WarmUpAsync(server, traffic(), cancellationToken);
        return await MeasureAsync(server, traffic(), cancellationToken);
    }

    public async Task<Load> MeasureAsync(Server server, Traffic traffic, CancellationToken cancellationToken)
    {
        var load = await Wrk.RunAsync(server, traffic, settings.Seconds, cancellationToken);
        return load.Answers > 0 ? load : throw new ToolException($"not one answer in {settings.Seconds} s");
    }

    public void Dispose() => StopAll();

    /// <summary>Lets what the traffic left under way come to its end, too.</summary>
    private async Task WarmUpAsync(Server server, Traffic traffic, CancellationToken cancellationToken)
    {
        await Wrk.RunAsync(server, traffic, settings.Warmup, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
    }
}
