using System.Text;
using FsCheck;
using FsCheck.Fluent;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

public sealed class UserNameTests
{
    [Theory]
    [InlineData("Ann Lee", "Ann Lee")]
    [InlineData("  Ann Lee\t\n", "Ann Lee")]
    [InlineData("Zoe\u0308", "Zo\u00eb")]
    [InlineData("🦊", "🦊")]
    [InlineData("\u00a0\u3000山田\u2003", "山田")]
    [InlineData("👩‍👩‍👧 ❤\ufe0f", "👩‍👩‍👧 ❤\ufe0f")] // joiners and a variation selector
    [InlineData("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")] // a non-joiner
    [InlineData("\u200f\u05d0\u05d1\u200e", "\u200f\u05d0\u05d1\u200e")] // marks of direction override nothing
    [InlineData("\u0301", "\u0301")]
    [InlineData("\u0378", "\u0378")] // not assigned yet
    [InlineData("\U0010fffd", "\U0010fffd")] // for private use
    public void Is_trimmed_and_composed(string text, string expected) => Assert.Equal(expected, UserName.Parse(text).Value);

    [Theory]
    [InlineData("", "name.empty")]
    [InlineData(" \t\r\n\u2003", "name.empty")]
    [InlineData("Ann\0Lee", "name.controlCharacter")]
    [InlineData("Ann\u0085Lee", "name.controlCharacter")]
    [InlineData("Ann\nLee", "name.controlCharacter")]
    [InlineData("Ann\ufffe", "name.malformed")]
    [InlineData("\ufdd0", "name.malformed")]
    [InlineData("\U0010ffff", "name.malformed")]
    [InlineData("Ann\u202eeeL", "name.bidirectionalOverride")]
    [InlineData("\u202dAnn", "name.bidirectionalOverride")]
    [InlineData("\u202e", "name.bidirectionalOverride")]
    [InlineData("\u200b", "name.notVisible")]
    [InlineData("\u2800", "name.notVisible")]
    [InlineData("\u3164", "name.notVisible")]
    [InlineData("\ufeff", "name.notVisible")]
    [InlineData("\u00ad", "name.notVisible")]
    [InlineData("\u200d \ufe0f\u2800\U000e0041", "name.notVisible")]
    public void Is_refused_with_a_code(string text, string code) => Assert.Equal(code, ErrorCode(text));

    // Not attribute arguments, which cannot contain an unpaired surrogate.
    [Fact]
    public void Is_refused_when_it_is_no_unicode_text()
    {
        Assert.Equal("name.malformed", ErrorCode("Ann \ud800"));
        Assert.Equal("name.malformed", ErrorCode("\udc00 Ann"));
    }

    [Fact]
    public void Length_counts_scalar_values_after_normalisation()
    {
        Assert.True(UserName.TryParse(string.Concat(Enumerable.Repeat("🦊", 200)), out _, out _));
        Assert.Equal("name.tooLong", ErrorCode(string.Concat(Enumerable.Repeat("🦊", 201))));
        Assert.True(UserName.TryParse(string.Concat(Enumerable.Repeat("e\u0301", 200)), out _, out _));
        Assert.True(UserName.TryParse($"  {new string('a', 200)}  ", out _, out _));
        Assert.Equal("name.tooLong", ErrorCode(new string('a', 201)));
    }

    [Fact]
    public void The_longest_names_may_come_taken_apart()
    {
        foreach (var character in new[] { "\u1f82", "\ud55c", "\u0390" }) // 4, 3 and 3 scalar values each
        {
            var longest = string.Concat(Enumerable.Repeat(character, UserName.MaxLength));
            var apart = longest.Normalize(NormalizationForm.FormD);
            Assert.Equal(longest, UserName.Parse($" {apart} ").Value);
        }
    }

    // The cost of composing is quadratic in a run of marks. Composing also copies the text, which this test can measure.
    [Fact]
    public void Refuses_what_cannot_fit_before_it_composes_it()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 16 * 1024));

        Assert.Equal("name.tooLong", ErrorCode($"a{marks[..1000]}"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var errorCode = ErrorCode(marks);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("name.tooLong", errorCode);
        Assert.InRange(allocated, 0, sizeof(char) * marks.Length / 4);
    }

    [Fact]
    public void Whatever_is_accepted_is_normal_and_stays_as_it_is() => Prop.ForAll<string?>(text =>
    {
        if (text is null || !UserName.TryParse(text, out var name, out _))
            return true;
        return name.Value.IsNormalized(NormalizationForm.FormC)
            && name.Value.Trim() == name.Value
            && name.Value.EnumerateRunes().Count() is >= 1 and <= UserName.MaxLength
            && UserName.Parse(name.Value) == name;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decomposed_and_composed_are_one_name() => Prop.ForAll<string?>(text =>
        text is null || !UserName.TryParse(text, out var name, out _)
        || (UserName.TryParse(name.Value.Normalize(NormalizationForm.FormD), out var other, out _) && other == name))
        .QuickCheckThrowOnFailure();

    private static string? ErrorCode(string text)
    {
        if (UserName.TryParse(text, out _, out var violation))
            return null;
        Assert.NotEqual("", violation.Detail);
        return violation.Code;
    }
}
