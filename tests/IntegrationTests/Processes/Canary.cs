using System.Globalization;
using System.Text;

namespace UserCqrs.IntegrationTests.Processes;

/// <summary>
/// Names and addresses that stand nowhere else, so that one found again has leaked. They are of lower-case letters and digits,
/// which no escaping changes.
/// </summary>
internal static class Canary
{
    private const string Mark = "canary7q";

    // What Base64 makes of it, by where in a group of three octets it begins. Cursors are Base64 and hold names.
    private static readonly string[] Encoded = [.. new[] { Mark[..6], Mark[2..8], Mark[1..7] }
        .Select(part => Convert.ToBase64String(Encoding.ASCII.GetBytes(part)))];

    private static int _count;

    public static int Count => _count;

    public static string New() => string.Create(CultureInfo.InvariantCulture, $"{Mark}{Interlocked.Increment(ref _count):d6}");

    public static string NewEmail() => $"{New()}@{New()}.example";

    /// <summary>A user of canaries. Names of attributes are not secret, their values are.</summary>
    public static string NewUser() => $$$"""
        {"name":"{{{New()}}}","email":"{{{NewEmail()}}}","externalId":"{{{New()}}}","attributes":{"a":"{{{New()}}}","b":["{{{New()}}}"]}}
        """;

    /// <summary>One that is in the text, in whatever case or in Base64, with what stands around it; <c>null</c> when there is none.</summary>
    public static string? FindIn(string text)
    {
        var at = Encoded.Select(part => text.IndexOf(part, StringComparison.Ordinal))
            .Append(text.IndexOf(Mark, StringComparison.OrdinalIgnoreCase)).Max();
        return at < 0 ? null : text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 100)];
    }
}
