using UserCqrs.Runner.Contenders;
using UserCqrs.Runner.Driving;

namespace UserCqrs.Runner.Scenarios;

/// <summary>One table of the report.</summary>
/// <param name="name">What <c>--only</c> calls it.</param>
/// <param name="title">What is done.</param>
/// <param name="columns">What is measured.</param>
/// <param name="contenders">By whom, in this order in each round; the others are held against the first.</param>
internal abstract class Scenario(string name, string title, Column[] columns, params Contender[] contenders)
{
    protected static readonly Column PerSecond = new("requests/s", "N0", Better.More);

    public string Name => name;

    public string Title => title;

    public Column[] Columns => columns;

    public Contender[] Contenders => contenders;

    /// <summary>One round of one contender.</summary>
    public abstract Task<IReadOnlyList<Row>> MeasureAsync(Bench bench, Contender contender, CancellationToken cancellationToken);
}

/// <summary>One line of a table, once measured.</summary>
internal sealed record Row(string Name, long Failed, params double[] Values)
{
    public static Row Of(string name, Load load) => new(name, load.Failed, load.PerSecond);
}

/// <summary>A column of a table.</summary>
internal sealed record Column(string Name, string Format, Better Better = Better.Neither);

/// <summary>Which of two numbers is the better one. One column of a table says so: the one that ratios are made of.</summary>
internal enum Better
{
    Neither,
    More,
    Less,
}
