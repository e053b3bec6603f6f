using System.Text;
using System.Text.RegularExpressions;

namespace UserCqrs.Application.Attributes;

/// <summary>The regular expressions of schemas (ECMA-262), as .NET matches them in linear time.</summary>
internal static class SchemaPattern
{
    private static readonly TimeSpan MaxMatch = TimeSpan.FromMilliseconds(500);

    /// <exception cref="FormatException">It is invalid, or its time has no bound.</exception>
    public static Regex ToRegex(string pattern, string place)
    {
        try
        {
            return new Regex(ToDotNet(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, MaxMatch);
        }
        catch (Exception wrong) when (wrong is NotSupportedException or ArgumentException)
        {
            throw new FormatException(
                $"{SchemaBuilder.At(place)}the regular expression '{pattern}' is refused, because it is invalid or could take "
                + "too long: it has a lookaround, a backreference or an atomic group, or its repetitions are too large.", wrong);
        }
    }

    // $ of .NET also matches before a last line feed, and its \d and \w know more than ASCII.
    private static string ToDotNet(string pattern)
    {
        var result = new StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var escaped = pattern[i] == '\\' && i + 1 < pattern.Length;
            var token = escaped ? pattern.Substring(i++, 2) : pattern[i..(i + 1)];
            inClass = token switch { "[" => true, "]" => false, _ => inClass };
            result.Append(token switch
            {
                "$" when !inClass => @"\z",
                @"\d" => inClass ? "0-9" : "[0-9]",
                @"\w" => inClass ? "_0-9A-Za-z" : "[_0-9A-Za-z]", // a range last, so that a - may follow
                @"\D" when !inClass => "[^0-9]",
                @"\W" when !inClass => "[^_0-9A-Za-z]",
                _ => token,
            });
        }
        return result.ToString();
    }
}
