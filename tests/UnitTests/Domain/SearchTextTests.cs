using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Ann LEE", "ann lee")]
    [InlineData("  Ann\t \u00a0Lee\u3000", "ann lee")]
    [InlineData("José Ñandú", "jose nandu")]
    [InlineData("Jose\u0301", "jose")]
    [InlineData("Łukasz Øster Đorđe", "lukasz oster dorde")]
    [InlineData("Weiß STRASSE ẞ", "weiss strasse ss")]
    [InlineData("Æsir Œuvre Þór Ðan", "aesir oeuvre thor dan")]
    [InlineData("İzmir ıssız I", "izmir issiz i")]
    [InlineData("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ")]
    [InlineData("Ёжик Йод", "ежик иод")]
    [InlineData("ＡＮＮ ｱﾝ", "ann アン")]
    [InlineData("ﬁnn ①", "finn 1")]
    [InlineData("がぎ", "がぎ")]
    [InlineData("김철수", "김철수")]
    [InlineData("प्रिया", "प्रिया")]
    [InlineData("O’Connor D‘Angelo", "o'connor d'angelo")]
    [InlineData("Anne–Marie", "anne-marie")]
    [InlineData("❤️ 👩‍💻", "❤ 👩💻")]
    [InlineData("a\ufffeb\uffff \ud83f\udffec", "ab c")]
    [InlineData("מֹשֶׁה مُحَمَّد", "משה محمد")]
    public void Folds_case_accents_and_width(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', SearchText.WordsOf(text)).Replace("\u0001", ""));

    [Fact]
    public void Marks_the_words_of_each_line() => Assert.Equal(
        "\n\u0001ann \u0001lee\n\u0001ann.\u0001lee@\u0001example.\u0001org\n\u0001hr-\u00010042\n\n",
        SearchText.Of("Ann Lee", "Ann.Lee@example.org", "HR-0042"));

    [Fact]
    public void Needs_no_external_id() => Assert.Equal("\n\u0001a\n\u0001a@\u0001b\n\n", SearchText.Of("A", "a@b", null));

    [Theory]
    [InlineData("lee@exam")]
    [InlineData("@example")]
    [InlineData("n.l")]
    [InlineData("ann")]
    public void A_part_of_an_address_is_marked_as_in_the_address(string part) =>
        Assert.Contains(Assert.Single(SearchText.WordsOf(part)), SearchText.Of("X", "ann.lee@example.org", null));

    [Fact]
    public void A_whole_line_is_one_with_both_ends() =>
        Assert.Contains(SearchText.WholeLine("  ANN   lee "), SearchText.Of("Ann Lee", "x@example.org", null));

    [Fact]
    public void A_user_without_words_has_lines_all_the_same() => Assert.Equal("\n\u0001\n\u0001a@\u0001b\n\n", SearchText.Of("\u0301", "a@b", null));
}
