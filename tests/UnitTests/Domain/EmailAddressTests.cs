using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("Ann@Example.org", "ann@example.org")]
    [InlineData("  ann@example.org ", "ann@example.org")]
    [InlineData("a.b+c_d-e'f@mail.example.co.uk", "a.b+c_d-e'f@mail.example.co.uk")]
    [InlineData("ann@localhost", "ann@localhost")]
    [InlineData("ann@bücher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@BÜCHER.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@bu\u0308cher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@例え。テスト", "ann@xn--r8jz45g.xn--zckzah")]
    public void Has_a_key_that_case_and_spelling_of_the_domain_do_not_change(string text, string key) =>
        Assert.Equal(key, EmailAddress.Parse(text).Key);

    [Theory]
    [InlineData("ann.lee@example.org", "annlee@example.org")]
    [InlineData("ann+news@example.org", "ann@example.org")]
    public void Dots_and_plus_signs_count(string one, string other) =>
        Assert.NotEqual(EmailAddress.Parse(one).Key, EmailAddress.Parse(other).Key);

    [Theory]
    [InlineData("Ann@Example.org")]
    [InlineData("ann@bücher.example")]
    public void Is_kept_as_entered(string text) => Assert.Equal(text, EmailAddress.Parse($" {text} ").Value);

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("@example.org")]
    [InlineData("ann@")]
    [InlineData("ann@@example.org")]
    [InlineData("ann lee@example.org")]
    [InlineData("änn@example.org")]
    [InlineData("ann@example.org,bob@example.org")]
    [InlineData("Ann <ann@example.org>")]
    [InlineData("ann@-example.org")]
    [InlineData("ann@example-.org")]
    [InlineData("ann@example..org")]
    [InlineData("ann@example.org.")]
    [InlineData("ann@exa_mple.org")]
    [InlineData("ann@[127.0.0.1]")]
    [InlineData("ann@xn--\u00fc.example")]
    [InlineData("ann\0@example.org")]
    public void Is_refused_unless_it_is_one_address(string text) => Assert.Equal("email.invalid", ErrorCode(text));

    [Theory]
    [InlineData("Ann@Example.org", true)]
    [InlineData("a.b+c_d-e'f!#$%&*/=?^`{|}~@localhost", true)]
    [InlineData("ann@b\u00fccher.example", true)]
    [InlineData("ann@\u4f8b\u3048\u3002\u30c6\u30b9\u30c8", true)]
    [InlineData("ann", false)]
    [InlineData("ann@", false)]
    [InlineData("@example.org", false)]
    [InlineData("ann@@example.org", false)]
    [InlineData("ann lee@example.org", false)]
    [InlineData("\u00e4nn@example.org", false)]
    [InlineData("ann@exa_mple.org", false)]
    [InlineData("ann@[127.0.0.1]", false)]
    [InlineData("ann@example.org,bob@example.org", false)]
    public void The_pattern_tells_most_addresses_from_what_is_none(string text, bool isOne)
    {
        Assert.Equal(isOne, Regex.IsMatch(text, EmailAddress.Pattern, RegexOptions.ECMAScript));
        Assert.Equal(isOne, EmailAddress.TryParse(text, out _, out _));
    }

    [Fact]
    public void The_pattern_matches_every_address() => Prop.ForAll(AddressLikeText(), text =>
        !EmailAddress.TryParse(text, out var email, out _) || Regex.IsMatch(email.Value, EmailAddress.Pattern, RegexOptions.ECMAScript))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Is_refused_when_it_is_no_unicode_text()
    {
        Assert.Equal("email.invalid", ErrorCode("ann@\ud800.example"));
        Assert.Equal("email.invalid", ErrorCode("ann@\ufffe.example"));
        Assert.Equal("email.invalid", ErrorCode("\ufdd0@b\u00fccher.example"));
    }

    // The cost of composing is quadratic in a run of marks. Composing also copies the text, which this test can measure.
    [Fact]
    public void Is_refused_when_it_cannot_fit_before_it_is_composed()
    {
        var marks = $"ann@{string.Concat(Enumerable.Repeat("\u0301\u0323", 16 * 1024))}.example";

        Assert.Equal("email.tooLong", ErrorCode($"{marks[..2000]}"));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var errorCode = ErrorCode(marks);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal("email.tooLong", errorCode);
        Assert.InRange(allocated, 0, sizeof(char) * marks.Length / 4);
    }

    [Fact]
    public void The_local_part_has_64_octets_at_the_most()
    {
        Assert.Null(ErrorCode($"{new string('a', 64)}@example.org"));
        Assert.Equal("email.localPartTooLong", ErrorCode($"{new string('a', 65)}@example.org"));
    }

    [Fact]
    public void The_whole_has_254_octets_at_the_most_as_entered_and_as_a_key()
    {
        var label = new string('a', 61);
        var domain = $"{label}.{label}.{label}"; // 185 octets

        Assert.Null(ErrorCode($"{new string('b', 64)}@{domain}.com"));
        Assert.Equal("email.tooLong", ErrorCode($"{new string('b', 64)}@{domain}.aa.com"));

        var wide = string.Concat(Enumerable.Repeat("ü", 40));

        Assert.Equal("email.tooLong", ErrorCode($"{new string('b', 64)}@{wide}.{wide}.{wide}.example"));
    }

    [Fact]
    public void A_key_is_its_own_key() => Prop.ForAll(AddressLikeText(), text =>
        !EmailAddress.TryParse(text, out var email, out _)
        || (EmailAddress.TryParse(email.Key, out var again, out _) && again.Key == email.Key))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_accepted_fits_and_is_accepted_again() => Prop.ForAll(AddressLikeText(), text =>
        !EmailAddress.TryParse(text, out var email, out _)
        || (email.Key.Length <= EmailAddress.MaxLength && EmailAddress.Parse(email.Value) == email))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Upper_case_changes_no_key() => Prop.ForAll(AddressLikeText(), text =>
        !EmailAddress.TryParse(text, out var email, out _)
        || !EmailAddress.TryParse(AsciiUpper(text), out var upper, out _) || upper.Key == email.Key)
        .QuickCheckThrowOnFailure();

    private static Arbitrary<string> AddressLikeText()
    {
        var part = Gen.Elements("a", "B", "z9", ".", "+", "-", "ü", "ß", "例", "xn--bcher-kva", "\u0308", "İ", "。", " ", "@")
            .ListOf().Select(parts => string.Concat(parts));
        return Gen.Zip(part, part).Select(pair => $"a{pair.Item1}@{pair.Item2}b.example").ToArbitrary();
    }

    private static string AsciiUpper(string text) => string.Concat(text.Select(c => char.IsAscii(c) ? char.ToUpperInvariant(c) : c));

    private static string? ErrorCode(string text)
    {
        if (EmailAddress.TryParse(text, out _, out var violation))
            return null;
        Assert.NotEqual("", violation.Detail);
        return violation.Code;
    }
}
