using System.Globalization;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

/// <summary>
/// Tries every code point, including surrogates and noncharacters, in every text of a consumer: the text must be accepted or
/// rejected. The environment variable CODE_POINTS=all tries all 1,114,112 everywhere (a minute). Without it, names are tried
/// with all assigned code points and one in 61 of the others; addresses are tried with one in 61, because most cause an
/// exception of the IDNA library.
/// </summary>
public sealed class CodePointTests
{
    private static readonly ListUsers List = new(UserFilter.None, new UserOrder(UserSort.Name));
    private static readonly bool All = Environment.GetEnvironmentVariable("CODE_POINTS") == "all";
    private static readonly int[] CodePoints = [.. Enumerable.Range(0, 0x110000).Where(codePoint => All || IsTried(codePoint))];

    [Fact]
    public void Every_one_in_a_name_is_taken_or_refused_by_its_rule()
    {
        foreach (var codePoint in CodePoints)
        {
            var text = $"a{Text(codePoint)}b";
            var expected = ErrorCode(codePoint);
            var actual = UserName.TryParse(text, out _, out var violation) ? null : violation.Code;
            if (actual != expected)
                Assert.Fail($"U+{codePoint:X4} in a name: {actual ?? "taken"} in place of {expected ?? "taken"}");
            if (UserName.CanBeginWith(text) != expected is null or "name.bidirectionalOverride")
                Assert.Fail($"U+{codePoint:X4} in a prefix of names");
        }
    }

    [Fact]
    public void Every_one_alone_is_a_name_where_it_shows_something()
    {
        foreach (var codePoint in CodePoints)
        {
            var isName = UserName.TryParse(Text(codePoint), out _, out _);
            var category = CharUnicodeInfo.GetUnicodeCategory(codePoint);
            var isPlain = category is < UnicodeCategory.NonSpacingMark and not UnicodeCategory.OtherLetter;
            if (isPlain ? !isName : isName && ErrorCode(codePoint) is not null)
                Assert.Fail($"U+{codePoint:X4} alone");
        }
    }

    [Fact]
    public void Every_one_in_an_address_or_a_cursor_is_taken_or_refused()
    {
        foreach (var codePoint in CodePoints)
        {
            if (!All && codePoint % 61 != 0 && codePoint >= 0x300 && codePoint is < 0xFD00 or > 0xFFFF)
                continue;
            var text = Text(codePoint);
            foreach (var address in new[] { $"a{text}@example.org", $"ann@b{text}.example", $"ann@example.org{text}", text })
            {
                if (EmailAddress.TryParse(address, out var email, out _) && EmailAddress.Parse(email.Value) != email)
                    Assert.Fail($"U+{codePoint:X4} in an address");
            }

            if (UserCursor.TryDecode($"AQ{text}", List, out _))
                Assert.Fail($"U+{codePoint:X4} in a cursor");
        }
    }

    [Fact]
    public void Any_two_kinds_side_by_side_are_taken_or_refused()
    {
        var kinds = CodePoints.GroupBy(Kind).Select(kind => Text(kind.First())).ToList();

        Assert.InRange(kinds.Count, 100, 1000);

        foreach (var one in kinds)
        {
            foreach (var other in kinds)
            {
                var text = $"{one}{other}";
                if (UserName.TryParse(text, out var name, out _) && UserName.Parse(name.Value) != name)
                    Assert.Fail($"{Escaped(text)} as a name");
                if (UserName.TryParse($"a{text}b", out _, out _) && !UserName.CanBeginWith($"a{text}"))
                    Assert.Fail($"{Escaped(text)} as a prefix of names");
                _ = EmailAddress.TryParse($"{text}@example.org", out _, out _);
            }
        }
    }

    private static bool IsTried(int codePoint) =>
        codePoint is < 0x33480 or >= 0xE0000 and < 0xE1000 || codePoint % 61 == 0 || ErrorCode(codePoint) is not null;

    // The rules, by Unicode's own tables if .NET has them.
    private static string? ErrorCode(int codePoint) =>
        codePoint is >= 0xD800 and <= 0xDFFF or >= 0xFDD0 and <= 0xFDEF || (codePoint & 0xFFFE) == 0xFFFE ? "name.malformed"
        : CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.Control ? "name.controlCharacter"
        : codePoint is 0x202D or 0x202E ? "name.bidirectionalOverride"
        : null;

    // The properties by which normalisation, trimming and the rules distinguish code points.
    private static (UnicodeCategory, string?, int, bool, string) Kind(int codePoint)
    {
        var errorCode = ErrorCode(codePoint);
        var decomposed = errorCode == "name.malformed" ? "" : Text(codePoint).Normalize(System.Text.NormalizationForm.FormD);
        return (CharUnicodeInfo.GetUnicodeCategory(codePoint), errorCode, decomposed.Length, codePoint > 0xFFFF,
            codePoint is 0xFFFE or >= 0x1100 and <= 0x11FF or >= 0x2000 and <= 0x206F ? $"{codePoint / 8}" : "");
    }

    private static string Text(int codePoint) =>
        codePoint is >= 0xD800 and <= 0xDFFF ? $"{(char)codePoint}" : char.ConvertFromUtf32(codePoint);

    private static string Escaped(string text) => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"));
}
