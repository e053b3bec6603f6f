using UserCqrs.Runner.Contenders;

namespace UserCqrs.Runner.Scenarios;

/// <summary>From its start as a process to its first answer.</summary>
internal sealed class StartTime(params Contender[] contenders) : Scenario(
    "start", "from the start of the process to the first user answered", [new("ms", "N0", Better.Less)], contenders)
{
    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        using var server = await bench.ServeAsync(contender, bench.Users, cancellationToken);
        return [new(contender.Name, 0, server.StartTime.TotalMilliseconds)];
    }
}
