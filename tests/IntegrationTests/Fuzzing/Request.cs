using System.Text;
using System.Text.RegularExpressions;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>
/// A request that goes to several services alike. What differs between them, or is known only when it is sent, stands in
/// braces: <c>{user 3}</c> is the id of the fourth user created, <c>{version 3}</c> and <c>{created 3}</c> are its version and
/// time, <c>{external 3}</c> is the percent-encoded external id of one of those that have one, <c>{cursor}</c> is the last one that a list gave, and <c>{next page}</c> where it led.
/// </summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query string, as they are sent.</param>
internal sealed partial record Request(string Method, string Target)
{
    private const int LongestShown = 300;

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public byte[]? Body { get; init; }

    /// <summary>Microseconds by which the clock moves before, perhaps backwards.</summary>
    public int Later { get; init; }

    public string Path => Target.Split('?', 2)[0];

    /// <summary>The parts of the query string, still encoded.</summary>
    public string[] Query => Target.Split('?', 2) is [_, { Length: > 0 } query] ? query.Split('&') : [];

    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name == name).Value;

    public Request With(Func<string, string> fill) => this with
    {
        Target = fill(Target),
        Headers = [.. Headers.Select(header => (header.Name, fill(header.Value)))],
        Body = Body is null ? null : FillBody(Body, fill),
    };

    /// <summary>The same request with one part less, which may fail for the same reason and is easier to read.</summary>
    public IEnumerable<Request> Simpler()
    {
        var query = Query;
        for (var i = 0; i < query.Length; i++)
        {
            var rest = string.Join('&', query.Where((_, index) => index != i));
            yield return this with { Target = rest == "" ? Path : $"{Path}?{rest}" };
        }

        for (var i = 0; i < Headers.Count; i++)
            yield return this with { Headers = [.. Headers.Where((_, index) => index != i)] };
        if (Later != 0)
            yield return this with { Later = 0 };
        if (Body is { Length: > 0 } body)
            yield return this with { Body = body[..(body.Length / 2)] };
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        if (Later != 0)
            text.Append(null, $"{Later} µs later ");
        text.Append(null, $"{Method} {Target}");
        foreach (var (name, value) in Headers)
            text.Append(null, $" | {name}: {value}");
        if (Body is not null)
            text.Append(null, $" | {Body.Length} octets: {Show(Body)}");
        return text.ToString();
    }

    // Latin-1 keeps any octets. JSON ignores the white space, which keeps the length, whatever ids a service gives.
    private static byte[] FillBody(byte[] body, Func<string, string> fill) => Encoding.Latin1.GetBytes(
        SomeUser().Replace(Encoding.Latin1.GetString(body), match => fill(match.Value).PadLeft(match.Length)));

    private static string Show(byte[] body)
    {
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(body).EnumerateRunes().Take(LongestShown))
            text.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? $"\\x{{{rune.Value:x}}}" : rune.ToString());
        return body.Length > LongestShown ? $"{text}…" : text.ToString();
    }

    [GeneratedRegex(@"\{user \d+\}")]
    private static partial Regex SomeUser();
}
