using System.Text.RegularExpressions;

namespace UserCqrs.Application.Users;

/// <summary>The paths of attributes that have an index, so that a list can be filtered by them.</summary>
public sealed partial class IndexedAttributes
{
    /// <summary>The largest number of paths.</summary>
    public const int MaxPaths = 8;

    /// <summary>The maximum length of a path in characters: PostgreSQL limits the names of indexes.</summary>
    public const int MaxPathLength = 40;

    /// <summary>The maximum length of a value that a filter can find, in Unicode scalar values.</summary>
    public const int MaxValueLength = 255;

    /// <summary>The setting that lists the paths.</summary>
    public const string Setting = "Users:IndexedAttributes";

    /// <summary>No path.</summary>
    public static readonly IndexedAttributes None = new([]);

    private IndexedAttributes(IReadOnlyList<string> paths) => Paths = paths;

    /// <summary>The paths: names of members, separated by dots, such as <c>address.city</c>.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Reads paths.</summary>
    /// <exception cref="FormatException">
    /// There are too many, one occurs twice, or one is not a path that can be indexed.
    /// </exception>
    public static IndexedAttributes Parse(IReadOnlyList<string> paths)
    {
        if (paths.Count > MaxPaths)
            throw new FormatException(
                $"It lists {paths.Count} paths; at most {MaxPaths} are allowed, because each slows every write.");
        foreach (var path in paths)
        {
            if (path.Length > MaxPathLength || !Form().IsMatch(path))
                throw new FormatException(
                    $"\"{path}\" is not a path that can be indexed. A path has 1 to 5 names, separated by dots, such as plan or "
                    + $"address.city, and at most {MaxPathLength} characters: letters (a to z, A to Z), digits, - and _.");
            if (path.StartsWith("attributes.", StringComparison.Ordinal))
                throw new FormatException(
                    $"Paths start inside the attributes: write {path["attributes.".Length..]} instead of {path}.");
            if (paths.Count(other => other == path) > 1)
                throw new FormatException($"It lists {path} twice.");
        }

        return new(paths);
    }

    // Other characters would need escapes, which the databases write differently.
    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,4}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
