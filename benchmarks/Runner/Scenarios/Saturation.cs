using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>As much as each can take of one kind of traffic.</summary>
internal sealed class Saturation(string name, string title, Func<Contender, int, Traffic> traffic, params Contender[] contenders)
    : Scenario(name, title, [PerSecond], contenders)
{
    /// <summary>What warms up; the same traffic when <c>null</c>.</summary>
    public Func<Contender, int, Traffic>? WarmUp { get; init; }

    public override async Task<IReadOnlyList<Row>> MeasureAsync(
        Bench bench, Contender contender, CancellationToken cancellationToken)
    {
        var server = await bench.KeepAsync(contender, (WarmUp ?? traffic)(contender, bench.Users), cancellationToken);
        var load = await bench.MeasureAsync(server, traffic(contender, bench.Users), cancellationToken);
        return [Row.Of(contender.Name, load)];
    }
}
