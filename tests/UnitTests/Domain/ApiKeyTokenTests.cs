using FsCheck;
using FsCheck.Fluent;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

public sealed class ApiKeyTokenTests
{
    // Handed out once: what it is made of can never change.
    private const string Token = "ucq_i8k9mT4GaNwwUYCrUmU1PKhIvFujcR4W2YRm";

    [Fact]
    public void Has_a_prefix_an_id_131_bits_of_secret_and_a_checksum() =>
        Assert.Matches("^ucq_[0-9A-Za-z]{8}[0-9A-Za-z]{22}[0-9A-Za-z]{6}$", ApiKeyToken.Create());

    [Fact]
    public void Is_never_the_same_twice() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => ApiKeyToken.Create()).Distinct().Count());

    [Fact]
    public void One_that_was_handed_out_stays_good()
    {
        Assert.True(ApiKeyToken.IsWellFormed(Token));
        Assert.Equal("i8k9mT4G", ApiKeyToken.IdOf(Token).ToString());
        Span<byte> hash = stackalloc byte[32];
        ApiKeyToken.Hash(Token, hash);
        Assert.Equal("36a2a1c8d3a44257d130040c7172d8d60782eac5ea0d9ee2ff695500fb76b0f7", Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Every_one_that_is_made_is_well_formed() =>
        Assert.All(Enumerable.Range(0, 1_000).Select(_ => ApiKeyToken.Create()), token => Assert.True(ApiKeyToken.IsWellFormed(token)));

    [Fact]
    public void One_changed_character_is_told_without_asking_anybody() => Prop.ForAll(
        Gen.Choose(0, Token.Length - 1).Zip(Gen.Elements("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_é ".ToCharArray())).ToArbitrary(),
        change =>
        {
            var (at, character) = change;
            var changed = Token.ToCharArray();
            changed[at] = character;
            return ApiKeyToken.IsWellFormed(changed) == (Token[at] == character);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("ucq_")]
    [InlineData("ucq_i8k9mT4GaNwwUYCrUmU1PKhIvFujcR4W2YRmx")]
    [InlineData("UCQ_i8k9mT4GaNwwUYCrUmU1PKhIvFujcR4W2YRm")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzY29wZSI6InVzZXJz.")]
    public void Whatever_else_is_none(string text) => Assert.False(ApiKeyToken.IsWellFormed(text));
}
