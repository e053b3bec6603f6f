using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

/// <summary>A patch replaces an array as a whole (RFC 7396), so null inside one removes nothing.</summary>
public sealed class UserAttributesPatchTests
{
    [Theory]
    [InlineData("""{"a":[null]}""", "/a/0")]
    [InlineData("""{"a":[{"b":null}]}""", "/a/0/b")]
    [InlineData("""{"a":{"b":[{"c":{"d":null}}],"e":null}}""", "/a/b/0/c/d")]
    public void Null_in_an_array_is_invalid(string patch, string path)
    {
        var violation = Assert.Single(UserAttributes.CheckPatch(patch));

        Assert.Equal(("attributes.null", path), (violation.Code, violation.Path));
    }

    [Fact]
    public void Null_beside_an_array_removes_a_member() => Assert.Empty(UserAttributes.CheckPatch("""{"a":[{"b":1}],"c":null}"""));
}
