using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

/// <summary>JSON numbers have no limits, but the numbers of attributes do.</summary>
public sealed class UserAttributesNumberTests
{
    [Theory]
    [InlineData("1e2147483648")]
    [InlineData("1e-2147483649")]
    [InlineData("1E-99999999999999999999")]
    [InlineData("0e99999999999999999999")]
    public void An_exponent_that_cannot_be_compared_is_out_of_range(string number)
    {
        var violation = Assert.Single(UserAttributes.Check($$"""{"a":[{{number}}]}"""));

        Assert.Equal(("attributes.numberOutOfRange", "/a/0"), (violation.Code, violation.Path));
    }

    [Theory]
    [InlineData("1e-2147483648", "10E-2147483648")]
    [InlineData("0e2147483647", "0.0e+2147483647")]
    [InlineData("5e-324", "0.5e-324")]
    public void Every_number_that_is_allowed_can_be_compared(string one, string other)
    {
        var attributes = UserAttributes.Parse($$"""{"a":{{one}}}""");

        Assert.Equal(one[0] == '0', attributes.IsEqualTo($$"""{"a":{{other}}}"""));
    }
}
