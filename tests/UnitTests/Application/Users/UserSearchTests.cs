using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class UserSearchTests
{
    [Theory]
    [InlineData("ann lee", 0)]
    [InlineData("ANN.LEE@EXAMPLE.ORG", 0)]
    [InlineData("hr-0042", 0)]
    [InlineData("ann", 1)]
    [InlineData("le an", 1)]
    [InlineData("exam", 1)]
    [InlineData("0042", 1)]
    [InlineData("lee@ex", 1)]
    [InlineData("nn", 2)]
    [InlineData("ann ee", 2)]
    [InlineData("@example", 2)]
    [InlineData("ann bob", -1)]
    [InlineData("leeexample", -1)]
    public void Ranks_whole_lines_before_starts_of_words_before_parts(string query, int rank) =>
        Assert.Equal(rank, new UserSearch(query).RankOf(SearchText.Of("Ann Lee", "ann.lee@example.org", "HR-0042")));

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("anna", "ann nna")]
    [InlineData("ann ab", "ann")]
    [InlineData("ab c", "")]
    [InlineData("𝒜𝒷", "ab*")]
    [InlineData("小明", "小明*")]
    [InlineData("a", "")]
    [InlineData("👩💻💻", "👩💻💻")]
    public void Looks_for_trigrams_if_there_are_any(string query, string expected) => Assert.Equal(
        expected,
        string.Join(' ', new UserSearch(query).Terms(UserSearch.LastRank).Select(it => it.IsPrefix ? $"{it.Value}*" : it.Value)));

    [Theory]
    [InlineData("katariina", 4)]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789", 4)]
    [InlineData("anna bea carl dora emil fritz gina hugo", 8)]
    public void Looks_for_a_few_rare_trigrams_and_one_of_each_word(string query, int count)
    {
        var terms = new UserSearch(query).Terms(UserSearch.LastRank);

        Assert.Equal(count, terms.Count);
        Assert.All(query.Split(' '), word => Assert.Contains(terms, term => word.Contains(term.Value, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "q.empty")]
    [InlineData(" \u0301\u200b ", "q.empty")]
    [InlineData("a b c d e f g h i", "q.tooManyWords")]
    [InlineData("a\u0001b", "q.malformed")]
    [InlineData("a\0", "q.malformed")]
    [InlineData("a b c d e f g h", null)]
    [InlineData("a\tb\nc", null)]
    public void Checks_what_is_searched_for(string query, string? code) => Assert.Equal(code, UserSearch.Check(query)?.Code);

    [Fact]
    public void Counts_characters_and_not_their_halves()
    {
        Assert.Null(UserSearch.Check(string.Concat(Enumerable.Repeat("💻", 200))));
        Assert.Equal("q.tooLong", UserSearch.Check(new('a', 201))?.Code);
    }
}
