namespace UserCqrs.Web;

/// <summary>Suggests a correction for a mistyped name.</summary>
internal static class Spelling
{
    /// <summary>A sentence that suggests the nearest name or, if none is near, refers to <c>--help</c>.</summary>
    public static string Suggest(string mistyped, IEnumerable<string> names) =>
        Nearest(mistyped, names) is { } nearest ? $"Did you mean {nearest}?" : "--help lists the commands and options.";

    /// <summary>The nearest name, if one is near.</summary>
    public static string? Nearest(string mistyped, IEnumerable<string> names) =>
        names.MinBy(name => Distance(mistyped, name)) is { } nearest
            && Distance(mistyped, nearest) <= Math.Max(2, mistyped.Length / 3) ? nearest : null;

    /// <summary>
    /// Whether at most two letters differ, which is almost certainly a typing error. <c>DATABASE_USER</c> differs from
    /// <c>DATABASE_URL</c> in three.
    /// </summary>
    public static bool IsTypoOf(string mistyped, string name) => Distance(mistyped, name) <= 2;

    // The Levenshtein distance, ignoring case.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
