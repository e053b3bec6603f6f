using System.Text.Json;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

public sealed class MergePatchTests
{
    /// <summary>The cases of RFC 7396, appendix A and sections 1 and 3, and those of the npm package json-merge-patch.</summary>
    public static readonly TheoryData<string, string, string> PublicCases = new()
    {
        { """{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""" },
        { """{"a":"b"}""", """{"a":null}""", "{}" },
        { """{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""" },
        { """{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""" },
        { """{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""" },
        { """{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""" },
        { """{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""" },
        { """["a","b"]""", """["c","d"]""", """["c","d"]""" },
        { """{"a":"b"}""", """["c"]""", """["c"]""" },
        { """{"a":"foo"}""", "null", "null" },
        { """{"a":"foo"}""", "\"bar\"", "\"bar\"" },
        { """{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""" },
        { "[1,2]", """{"a":"b","c":null}""", """{"a":"b"}""" },
        { "{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""" },
        { """{"a":"b","c":{"d":"e","f":"g"}}""", """{"a":"z","c":{"f":null}}""", """{"a":"z","c":{"d":"e"}}""" },
        {
            """{"title":"Goodbye!","author":{"givenName":"John","familyName":"Doe"},"tags":["example","sample"],"content":"This will be unchanged"}""",
            """{"title":"Hello!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},"tags":["example"]}""",
            """{"title":"Hello!","author":{"givenName":"John"},"tags":["example"],"content":"This will be unchanged","phoneNumber":"+01-123-456-7890"}"""
        },
        { """{"a":"b","b":"d"}""", """{"a":"c"}""", """{"a":"c","b":"d"}""" },
        { "[]", """{"a":"b"}""", """{"a":"b"}""" },
        { """{"a":"b"}""", "[]", "[]" },
        { """{"a":{"b":{"c":"d"}},"d":"e"}""", """{"a":{"b":"a"}}""", """{"a":{"b":"a"},"d":"e"}""" },
        { """{"a":{"b":{"c":"d"},"d":"e"}}""", """{"a":{"b":{"c":"e"}}}""", """{"a":{"b":{"c":"e"},"d":"e"}}""" },
        { """{"a":"foo"}""", """{"a":"2020-05-09T00:00:00.000Z"}""", """{"a":"2020-05-09T00:00:00.000Z"}""" },
        { "[1,2,3]", "[1,2,3]", "[1,2,3]" },
    };

    [Theory]
    [MemberData(nameof(PublicCases))]
    public void Applies_as_the_public_cases_say(string target, string patch, string result) =>
        Assert.Equal(result, MergePatch.Apply(target, patch));

    [Theory]
    [InlineData("""{"n":1.50e2,"m":-0.0}""", "{}", """{"n":1.50e2,"m":-0.0}""")]
    [InlineData("{}", """{"n":12345678901234567890.10}""", """{"n":12345678901234567890.10}""")]
    [InlineData("""{"b":1,"a":2}""", """{"c":3,"b":4}""", """{"b":4,"a":2,"c":3}""")]
    [InlineData("""{"a":true}""", """{"\u0061":false}""", """{"a":false}""")]
    public void Keeps_the_order_of_members_and_the_spelling_of_numbers(string target, string patch, string result) =>
        Assert.Equal(result, MergePatch.Apply(target, patch));

    [Fact]
    public void Text_that_is_not_JSON_is_an_error() =>
        Assert.ThrowsAny<JsonException>(() => MergePatch.Apply("{}", "{"));
}
