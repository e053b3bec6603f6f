using System.Globalization;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

/// <summary>
/// Every code point, halves of surrogate pairs and noncharacters too, in every text that a consumer gives: none may be more
/// than refused. The environment variable CODE_POINTS=all also tries all of them in addresses, where most cost an exception
/// of the IDNA library (half a minute); without it, those that a name refuses and every 61st.
/// </summary>
public sealed class CodePointTests
{
    private const int Last = 0x10FFFF;

    private static readonly ListUsers List = new(UserFilter.None, new UserOrder(UserSort.Name));
    private static readonly int Step = Environment.GetEnvironmentVariable("CODE_POINTS") == "all" ? 1 : 61;

    [Fact]
    public void Every_one_in_a_name_is_taken_or_refused_by_its_rule()
    {
        for (var codePoint = 0; codePoint <= Last; codePoint++)
        {
            var text = $"a{Text(codePoint)}b";
            var expected = Refusal(codePoint);
            var actual = UserName.TryParse(text, out _, out var violation) ? null : violation.Code;
            if (actual != expected)
                Assert.Fail($"U+{codePoint:X4} in a name: {actual ?? "taken"} in place of {expected ?? "taken"}");
            if (UserFilter.IsNamePrefix(text) != expected is null or "name.bidirectionalOverride")
                Assert.Fail($"U+{codePoint:X4} in a prefix of names");
        }
    }

    [Fact]
    public void Every_one_alone_is_a_name_where_it_shows_something()
    {
        for (var codePoint = 0; codePoint <= Last; codePoint++)
        {
            var isName = UserName.TryParse(Text(codePoint), out _, out _);
            var category = CharUnicodeInfo.GetUnicodeCategory(codePoint);
            var isPlain = category is < UnicodeCategory.NonSpacingMark and not UnicodeCategory.OtherLetter;
            if (isPlain ? !isName : isName && Refusal(codePoint) is not null)
                Assert.Fail($"U+{codePoint:X4} alone");
        }
    }

    [Fact]
    public void Every_one_in_an_address_or_a_cursor_is_taken_or_refused()
    {
        for (var codePoint = 0; codePoint <= Last; codePoint++)
        {
            if (codePoint >= 0x300 && codePoint % Step != 0 && Refusal(codePoint) is null)
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
        var kinds = Enumerable.Range(0, Last + 1).GroupBy(Kind).Select(kind => Text(kind.First())).ToList();
        Assert.InRange(kinds.Count, 100, 1000);
        foreach (var one in kinds)
        {
            foreach (var other in kinds)
            {
                var text = $"{one}{other}";
                if (UserName.TryParse(text, out var name, out _) && UserName.Parse(name.Value) != name)
                    Assert.Fail($"{Escaped(text)} as a name");
                if (UserName.TryParse($"a{text}b", out _, out _) && !UserFilter.IsNamePrefix($"a{text}"))
                    Assert.Fail($"{Escaped(text)} as a prefix of names");
                _ = EmailAddress.TryParse($"{text}@example.org", out _, out _);
            }
        }
    }

    // The rules, by Unicode's own tables where .NET has them.
    private static string? Refusal(int codePoint) =>
        codePoint is >= 0xD800 and <= 0xDFFF or >= 0xFDD0 and <= 0xFDEF || (codePoint & 0xFFFE) == 0xFFFE ? "name.malformed"
        : CharUnicodeInfo.GetUnicodeCategory(codePoint) == UnicodeCategory.Control ? "name.controlCharacter"
        : codePoint is 0x202D or 0x202E ? "name.bidirectionalOverride"
        : null;

    // What normalisation, trimming and the rules can tell apart.
    private static (UnicodeCategory, string?, int, bool, string) Kind(int codePoint)
    {
        var refusal = Refusal(codePoint);
        var decomposed = refusal == "name.malformed" ? "" : Text(codePoint).Normalize(System.Text.NormalizationForm.FormD);
        return (CharUnicodeInfo.GetUnicodeCategory(codePoint), refusal, decomposed.Length, codePoint > 0xFFFF,
            codePoint is 0xFFFE or >= 0x1100 and <= 0x11FF or >= 0x2000 and <= 0x206F ? $"{codePoint / 8}" : "");
    }

    private static string Text(int codePoint) =>
        codePoint is >= 0xD800 and <= 0xDFFF ? $"{(char)codePoint}" : char.ConvertFromUtf32(codePoint);

    private static string Escaped(string text) => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"));
}
