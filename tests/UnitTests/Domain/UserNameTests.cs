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
    public void Is_trimmed_and_composed(string text, string expected) => Assert.Equal(expected, UserName.Parse(text).Value);

    [Theory]
    [InlineData("", "name.empty")]
    [InlineData(" \t\r\n\u2003", "name.empty")]
    [InlineData("Ann\0Lee", "name.controlCharacter")]
    [InlineData("Ann\u0085Lee", "name.controlCharacter")]
    [InlineData("Ann\nLee", "name.controlCharacter")]
    public void Is_refused_with_a_code(string text, string code) => Assert.Equal(code, Refusal(text));

    // Not attribute arguments, which could not hold them: half a pair is no text.
    [Fact]
    public void Is_refused_when_it_is_no_unicode_text()
    {
        Assert.Equal("name.malformed", Refusal("Ann \ud800"));
        Assert.Equal("name.malformed", Refusal("\udc00 Ann"));
    }

    [Fact]
    public void Length_counts_scalar_values_after_normalisation()
    {
        Assert.True(UserName.TryParse(string.Concat(Enumerable.Repeat("🦊", 200)), out _, out _));
        Assert.Equal("name.tooLong", Refusal(string.Concat(Enumerable.Repeat("🦊", 201))));
        Assert.True(UserName.TryParse(string.Concat(Enumerable.Repeat("e\u0301", 200)), out _, out _));
        Assert.True(UserName.TryParse($"  {new string('a', 200)}  ", out _, out _));
        Assert.Equal("name.tooLong", Refusal(new string('a', 201)));
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

    private static string? Refusal(string text) =>
        UserName.TryParse(text, out _, out var violation) ? null : violation.Code;
}
