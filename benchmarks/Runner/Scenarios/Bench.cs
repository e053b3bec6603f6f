using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>What every scenario works with.</summary>
internal sealed record Bench(Settings Settings, Dataset Data)
{
    public int Users => Settings.Users;

    /// <summary>Starts a contender on a fresh file.</summary>
    public async Task<Server> ServeAsync(Contender contender, int users, CancellationToken cancellationToken) =>
        await Server.StartAsync(
            contender, await Data.CopyAsync(contender, users, cancellationToken), hasUsers: true, cancellationToken);

    /// <summary>Warms up with traffic of a kind, lets what that left under way come to its end, then measures it.</summary>
    /// <remarks>It warms up with the same traffic unless told otherwise.</remarks>
    public async Task<Load> SaturateAsync(
        Server server, Func<Traffic> traffic, CancellationToken cancellationToken, Traffic? warmUp = null)
    {
        await Wrk.RunAsync(server.Port, warmUp ?? traffic(), Settings.Warmup, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var load = await Wrk.RunAsync(server.Port, traffic(), Settings.Seconds, cancellationToken);
        return load.Answers > 0 ? load : throw new ToolException($"not one answer in {Settings.Seconds} s");
    }
}
