using System.Globalization;
using UserCqrs.Application.Common;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>
/// Reads query parameters and collects the errors of all that are unknown, repeated or unreadable. A mistyped parameter must
/// not be ignored.
/// </summary>
/// <param name="query">The parameters.</param>
/// <param name="known">The names that the route knows.</param>
/// <param name="prefix">The route also knows all longer names that start with this.</param>
internal sealed class QueryReader(IQueryCollection query, IReadOnlyCollection<string> known, string? prefix = null)
{
    private static readonly string[] Rfc3339 = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    private readonly List<InputError> _errors = query.Count == 0 ? [] : Misused(query, known, prefix);

    public IReadOnlyList<InputError> Errors => _errors;

    /// <summary>The problem if a route without query parameters gets a query string, else <c>null</c>.</summary>
    public static Problem? RejectAny(HttpRequest request) =>
        request.QueryString.HasValue && Misused(request.Query, [], prefix: null) is { Count: > 0 } errors
            ? Problem.InvalidParameters(errors)
            : null;

    /// <summary>The error for a parameter that a route does not have.</summary>
    public static InputError Unknown(string name, IReadOnlyCollection<string> known, string? prefix = null)
    {
        var others = prefix is null ? "" : $", and {prefix}<path> for the paths that the service is configured with";
        var allowed = known.Count == 0 ? "This route takes no parameters."
            : $"The allowed parameters are {string.Join(", ", known)}{others}.";
        var suggestion = Spelling.Nearest(name, known) is { } near && name.Length <= 100 ? $" Did you mean {near}?" : "";
        return new(name, "parameter.unknown", $"There is no such parameter. {allowed}{suggestion}");
    }

    /// <summary>Adds an error that the caller has found.</summary>
    public void Add(InputError error) => _errors.Add(error);

    /// <summary>What follows the prefix in the names that start with it.</summary>
    public IEnumerable<string> NamesAfter(string prefix) =>
        query.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]);

    public string? Text(string name) => query.TryGetValue(name, out var values) ? values[0] : null;

    public int? Integer(string name) =>
        Read<int>(name, "The parameter must be an integer.", text =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null);

    public bool? Flag(string name) =>
        Read<bool>(name, "The parameter must be true or false.", text =>
            text switch { "true" => true, "false" => false, _ => null });

    public DateTimeOffset? Time(string name) =>
        Read<DateTimeOffset>(name, "The parameter must be a time such as 2026-11-22T07:00:00Z (RFC 3339; + is %2B).", text =>
            DateTimeOffset.TryParseExact(
                text.ToUpperInvariant(), Rfc3339, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null);

    /// <summary>One of these texts; <c>null</c> if the parameter is not given, or is another text.</summary>
    public string? OneOf(string name, params string[] allowed)
    {
        var text = Text(name);
        if (text is null || allowed.Contains(text))
            return text;
        _errors.Add(new(name, $"{name}.invalid", $"The parameter must be {string.Join(" or ", allowed)}."));
        return null;
    }

    public IReadOnlyList<long>? Ids(string name)
    {
        if (Text(name) is not { } text)
            return null;
        var ids = new List<long>();
        foreach (var part in text.Split(','))
        {
            if (part.Contains('\0', StringComparison.Ordinal)
                || !long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                _errors.Add(new(name, $"{name}.invalid", "The parameter must be a comma-separated list of ids, such as 1,2,3."));
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }

    public T? Read<T>(string name, string help, Func<string, T?> parse) where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        var value = text.Contains('\0', StringComparison.Ordinal) ? null : parse(text); // .NET ignores NULs after a number
        if (value is null)
            _errors.Add(new(name, $"{name}.invalid", help));
        return value;
    }

    private static List<InputError> Misused(IQueryCollection query, IReadOnlyCollection<string> known, string? prefix)
    {
        var errors = new List<InputError>();
        foreach (var (name, values) in query)
        {
            if (!known.Contains(name) && !(prefix is not null && name.StartsWith(prefix, StringComparison.Ordinal)))
                errors.Add(Unknown(name, known, prefix));
            else if (values.Count > 1)
                errors.Add(new(name, "parameter.repeated", "The parameter may occur only once."));
        }

        return errors;
    }
}
