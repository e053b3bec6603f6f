using System.Globalization;
using System.Text;
using UserCqrs.Runner.Scenarios;

namespace UserCqrs.Runner.Reporting;

/// <summary>The rounds of one scenario, and what they come to.</summary>
internal sealed class Table(Scenario scenario)
{
    // A row whose rounds differ by more says more about the machine than about what was measured.
    private const double MaxSpread = 2;

    private readonly List<(int Round, Row Row)> _rows = [];
    private readonly List<string> _notes = [];
    private bool _isBroken;

    /// <summary>Nothing failed that was to be measured.</summary>
    public bool IsClean => !_isBroken && _rows.TrueForAll(entry => entry.Row.Failed == 0);

    public void Add(int round, IEnumerable<Row> rows) => _rows.AddRange(rows.Select(row => (round, row)));

    public void LeaveOut(string contender, string reason) => _notes.Add($"**{contender}** is left out: {reason}.");

    public void Break(string contender, string reason)
    {
        _isBroken = true;
        _notes.Add($"**{contender}** could not be measured in {reason}.");
    }

    public override string ToString()
    {
        var text = new StringBuilder($"## {scenario.Name}: {scenario.Title}\n\n");
        string[] columns = [.. scenario.Columns.Select(column => column.Name), "lowest to highest", "the first row is", "failed"];
        text.Append(Line(columns.Prepend("")));
        text.Append(Line(columns.Select(_ => "--:").Prepend("---")));
        foreach (var name in _rows.Select(entry => entry.Row.Name).Distinct())
            text.Append(LineOf(name));
        foreach (var note in _notes)
            text.Append(CultureInfo.InvariantCulture, $"\n{note}\n");
        return text.ToString();
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }

    private string LineOf(string name)
    {
        var rows = _rows.Where(entry => entry.Row.Name == name).ToList();
        var judged = Array.FindIndex(scenario.Columns, column => column.Better != Better.Neither);
        var format = scenario.Columns[judged].Format;
        var values = rows.ConvertAll(entry => entry.Row.Values[judged]);
        return Line(
        [
            name,
            .. scenario.Columns.Select((column, i) => Text(Median(rows.Select(entry => entry.Row.Values[i])), column.Format)),
            $"{Text(values.Min(), format)} to {Text(values.Max(), format)}"
                + (values.Max() > MaxSpread * values.Min() ? " (not credible)" : ""),
            Ratio(rows, judged),
            Text(rows.Sum(entry => entry.Row.Failed), "N0"),
        ]);
    }

    /// <summary>How many times better the first row did, as the median of what it was in each round.</summary>
    private string Ratio(List<(int Round, Row Row)> rows, int judged)
    {
        var first = _rows.Where(entry => entry.Row.Name == _rows[0].Row.Name)
            .ToDictionary(entry => entry.Round, entry => entry.Row);
        var ratios = rows.Where(entry => first.ContainsKey(entry.Round)).Select(entry =>
            scenario.Columns[judged].Better == Better.More
                ? first[entry.Round].Values[judged] / entry.Row.Values[judged]
                : entry.Row.Values[judged] / first[entry.Round].Values[judged]).ToList();
        return ratios.Count == 0 ? "" : $"{Text(Median(ratios), "N2")}×";
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
