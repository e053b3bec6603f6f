using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

public sealed class ExternalIdTests
{
    [Theory]
    [InlineData("hr-0042")]
    [InlineData(" a b ")]
    [InlineData("A/ä%2F?#")]
    [InlineData("u\u0308")]
    [InlineData("\U0001f600")]
    [InlineData("\ufffe")]
    public void Is_kept_as_entered(string text) => Assert.Equal(text, ExternalId.Parse(text).Value);

    [Theory]
    [InlineData("", "externalId.empty")]
    [InlineData("a\nb", "externalId.controlCharacter")]
    [InlineData("\0", "externalId.controlCharacter")]
    [InlineData("\u0085", "externalId.controlCharacter")]
    public void Must_have_characters_and_no_control_characters(string text, string code)
    {
        Assert.False(ExternalId.TryParse(text, out var externalId, out var violation));
        Assert.Null(externalId);
        Assert.Equal(code, violation.Code);
        Assert.StartsWith("The external id must ", violation.Detail);
    }

    // Not theory data: half of a surrogate pair cannot be the name of a test.
    [Fact]
    public void Must_have_no_half_of_a_surrogate_pair()
    {
        foreach (var text in new[] { "\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d" })
        {
            Assert.False(ExternalId.TryParse(text, out _, out var violation));
            Assert.Equal("externalId.malformed", violation.Code);
        }
    }

    [Theory]
    [InlineData("a")]
    [InlineData("\U0001f600")]
    public void Has_at_most_255_characters(string character)
    {
        var longest = string.Concat(Enumerable.Repeat(character, ExternalId.MaxLength));

        Assert.Equal(longest, ExternalId.Parse(longest).Value);
        Assert.False(ExternalId.TryParse(longest + character, out _, out var violation));
        Assert.Equal("externalId.tooLong", violation.Code);
        Assert.Contains("255", violation.Detail);
        Assert.Throws<FormatException>(() => ExternalId.Parse(longest + character));
    }
}
