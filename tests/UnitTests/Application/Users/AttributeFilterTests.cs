using UserCqrs.Application.Users;

namespace UserCqrs.UnitTests.Application.Users;

public sealed class AttributeFilterTests
{
    [Theory]
    [InlineData("pro", """{"plan":"pro"}""")]
    [InlineData("\"pro\"", """{"plan":"pro"}""")]
    [InlineData("3", """{"plan":3}""")]
    [InlineData("3.00", """{"plan":3.00}""")]
    [InlineData("\"3\"", """{"plan":"3"}""")]
    [InlineData("true", """{"plan":true}""")]
    [InlineData("True", """{"plan":"True"}""")]
    [InlineData("a b", """{"plan":"a b"}""")]
    [InlineData("ü\"", """{"plan":"ü\""}""")]
    [InlineData("\"\"", """{"plan":""}""")]
    [InlineData("[x", """{"plan":"[x"}""")]
    [InlineData("", null)]
    [InlineData("1e-20000", null)]
    [InlineData("1e-400", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("[1]", null)]
    [InlineData("1e400", null)]
    [InlineData("\"a", null)]
    [InlineData("a\0", null)]
    public void Reads_a_value(string value, string? example) => Assert.Equal(example, new AttributeFilter("plan", value).Example());

    [Fact]
    public void A_value_has_at_most_255_characters()
    {
        Assert.NotNull(new AttributeFilter("plan", new('a', 255)).Example());
        Assert.Null(new AttributeFilter("plan", new('a', 256)).Example());
    }

    [Fact]
    public void A_path_names_members_inside_each_other() =>
        Assert.Equal("""{"a":{"b-c_1":1}}""", new AttributeFilter("a.b-c_1", "1").Example());

    [Theory]
    [InlineData("a b")]
    [InlineData("a'b")]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.b.c.d.e.f")]
    [InlineData("ü")]
    [InlineData("a\n")]
    [InlineData("a1234567890123456789012345678901234567890")]
    public void Other_paths_cannot_have_an_index(string path) =>
        Assert.Throws<FormatException>(() => IndexedAttributes.Parse([path]));

    [Fact]
    public void Eight_paths_can_have_an_index_each_once()
    {
        var paths = Enumerable.Range(0, 9).Select(number => $"p{number}").ToList();

        Assert.Equal(8, IndexedAttributes.Parse(paths[..8]).Paths.Count);
        Assert.Throws<FormatException>(() => IndexedAttributes.Parse(paths));
        Assert.Throws<FormatException>(() => IndexedAttributes.Parse(["p", "p"]));
    }
}
