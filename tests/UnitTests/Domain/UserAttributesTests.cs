using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using UserCqrs.Domain;

namespace UserCqrs.UnitTests.Domain;

public sealed class UserAttributesTests
{
    [Theory]
    [InlineData("""{ "b" : 1 , "a" : [ true , "x  y" ] }""", """{"b":1,"a":[true,"x  y"]}""")]
    [InlineData("""{"n":[1.50e2,-0,0.10,12345678901234567890,5e-324,0e-999]}""", """{"n":[1.50e2,-0,0.10,12345678901234567890,5e-324,0e-999]}""")]
    [InlineData("""{"\u0061":"\u00e9\ud83d\ude00\/\u0001\n\"\\"}""", """{"a":"é😀/\u0001\n\"\\"}""")]
    public void Are_kept_as_sent_but_for_white_space_between_tokens(string json, string compact) =>
        Assert.Equal(compact, UserAttributes.Parse(json).Json);

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "duplicate", "/a")]
    [InlineData("""{"a":{"b":1,"c":1,"\u0062":2}}""", "duplicate", "/a/b")]
    [InlineData("""{"a":["\ud800"]}""", "malformed", "/a/0")]
    [InlineData("""{"a":"\ufffe"}""", "malformed", "/a")]
    [InlineData("""{"a":{"\ud800":1}}""", "malformed", "/a")]
    [InlineData("""{"a":"\u0000"}""", "nulCharacter", "/a")]
    [InlineData("""{"a":{"\u0000":1}}""", "nulCharacter", "/a")]
    [InlineData("""{"a":null}""", "null", "/a")]
    [InlineData("""{"a":[1,null]}""", "null", "/a/1")]
    [InlineData("""{"a":1e400}""", "numberOutOfRange", "/a")]
    [InlineData("""{"a":-1e309}""", "numberOutOfRange", "/a")]
    [InlineData("""{"a":1e-400}""", "numberOutOfRange", "/a")]
    [InlineData("""{"a":[-0.001e-999]}""", "numberOutOfRange", "/a/0")]
    [InlineData("""{"a":0e1000}""", "numberOutOfRange", "/a")]
    [InlineData("""{"a":1E-99999999999999999999}""", "numberOutOfRange", "/a")]
    [InlineData("""{"":1}""", "nameLength", "/")]
    [InlineData("""{"a/b":{"m~n":null}}""", "null", "/a~1b/m~0n")]
    public void Each_rule_points_to_the_part_that_breaks_it(string json, string code, string path)
    {
        var violation = Assert.Single(UserAttributes.Check(json));

        Assert.Equal(($"attributes.{code}", path), (violation.Code, violation.Path));
        Assert.StartsWith("The attributes must ", violation.Detail);
        Assert.EndsWith(".", violation.Detail);
        Assert.Throws<FormatException>(() => UserAttributes.Parse(json));
    }

    [Fact]
    public void All_violations_are_reported_up_to_a_hundred()
    {
        var some = UserAttributes.Check("""{"a":null,"b":{"c":"\u0000"},"d":1e999}""");
        var many = UserAttributes.Check($$"""{"a":[{{string.Join(',', Enumerable.Repeat("null", 101))}}]}""");

        Assert.Equal(["/a", "/b/c", "/d"], some.Select(violation => violation.Path));
        Assert.Equal(100, many.Count);
    }

    [Theory]
    [InlineData("""{"a":{"b":{"c":{"d":1}}}}""", null)]
    [InlineData("""{"a":[[[[1]]]]}""", null)]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":{}}}}}}""", "/a/b/c/d/e")]
    [InlineData("""{"a":{"b":{"c":{"d":{}}}}}""", null)]
    [InlineData("""{"a":[[[[1,[]]]]]}""", "/a/0/0/0/1")]
    public void Have_at_most_five_levels(string json, string? path) =>
        Assert.Equal(path is null ? [] : [path], UserAttributes.Check(json).Select(violation => violation.Path));

    [Fact]
    public void Very_deep_attributes_are_reported_too_without_quadratic_work()
    {
        string Deep(int depth) => $$$"""{"a":{{{new string('[', depth)}}}{{{new string(']', depth)}}},"b":{"c":null}}""";

        Assert.Equal(["/a/0/0/0/0", "/b/c"], UserAttributes.Check(Deep(32_000)).Select(violation => violation.Path));
        Assert.Equal(["/a/0/0/0/0"], UserAttributes.CheckPatch(Deep(32_000)).Select(violation => violation.Path));
        var before = GC.GetAllocatedBytesForCurrentThread();
        UserAttributes.Check(Deep(32_000));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000); // a document of 32,000 rows has more
    }

    [Theory]
    [InlineData(100, 0, null)]
    [InlineData(101, 0, "attributes.tooManyMembers")]
    [InlineData(50, 49, null)]
    [InlineData(50, 50, "attributes.tooManyMembers")]
    public void Have_at_most_a_hundred_members_in_all(int outer, int inner, string? code)
    {
        var members = Enumerable.Range(1, outer).Select(i => $"\"m{i}\":1")
            .Concat(inner == 0 ? [] : [$$"""
                "in":{{{string.Join(',', Enumerable.Range(1, inner).Select(i => $"\"n{i}\":1"))}}}
                """]);

        Assert.Equal(code, UserAttributes.Check($$"""{{{string.Join(',', members)}}}""").SingleOrDefault()?.Code);
    }

    [Theory]
    [InlineData("x", 8192, null)]
    [InlineData("x", 8193, "attributes.tooLarge")]
    [InlineData("é", 8192, null)]
    [InlineData("é", 8194, "attributes.tooLarge")]
    [InlineData("\\u00e9", 8192, null)]
    public void Have_at_most_8_KiB_without_white_space(string character, int octets, string? code)
    {
        var size = character == "x" ? 1 : 2;
        var text = string.Concat(Enumerable.Repeat(character, (octets - 8) / size));

        var violation = UserAttributes.Check($$"""{ "a" :  "{{text}}" }""").SingleOrDefault();

        Assert.Equal(code, violation?.Code);
        Assert.Equal(code is null ? null : "", violation?.Path);
    }

    [Theory]
    [InlineData("n", 64, null)]
    [InlineData("n", 65, "attributes.nameLength")]
    [InlineData("\U0001f600", 64, null)]
    [InlineData("\U0001f600", 65, "attributes.nameLength")]
    public void Names_have_1_to_64_characters(string character, int length, string? code)
    {
        var name = string.Concat(Enumerable.Repeat(character, length));

        Assert.Equal(code, UserAttributes.Check($$"""{"{{name}}":1}""").SingleOrDefault()?.Code);
    }

    [Theory]
    [InlineData("""{"a":null,"b":{"c":null}}""", null)]
    [InlineData("""{"a":[{"b":1}],"c":null}""", null)]
    [InlineData("""{"a":[null]}""", "attributes.null")]
    [InlineData("""{"a":[{"b":null}]}""", "attributes.null")]
    [InlineData("""{"a":{"b":[{"c":{"d":null}}],"e":null}}""", "attributes.null")]
    [InlineData("""{"a":null,"a":1}""", "attributes.duplicate")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":{}}}}}}""", "attributes.tooDeep")]
    public void A_patch_may_have_null_as_a_member_but_not_in_an_array(string patch, string? code) =>
        Assert.Equal(code, UserAttributes.CheckPatch(patch).SingleOrDefault()?.Code);

    [Theory]
    [InlineData(200, null)]
    [InlineData(201, "attributes.tooManyMembers")]
    public void A_patch_may_remove_and_add_a_hundred_members(int count, string? code)
    {
        var patch = $$"""{{{string.Join(',', Enumerable.Range(1, count).Select(i => $"\"m{i}\":null"))}}}""";

        Assert.Equal(code, UserAttributes.CheckPatch(patch).SingleOrDefault()?.Code);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{"b":[1,2],"a":1.0}""", true)]
    [InlineData("""{"a":100}""", """{"a":1E2}""", true)]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"c":2,"b":1}}""", true)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"a":"1"}""", """{"a":1}""", false)]
    [InlineData("""{"a":1}""", """{"a":1,"b":1}""", false)]
    [InlineData("""{"a":9007199254740993}""", """{"a":9007199254740992}""", false)]
    public void Are_equal_if_JSON_says_so(string one, string other, bool isEqual)
    {
        Assert.Equal(isEqual, UserAttributes.Parse(one).IsEqualTo(other));
        Assert.Equal(isEqual, UserAttributes.Parse(other).IsEqualTo(one));
    }

    [Fact]
    public void Must_be_an_object() => Assert.ThrowsAny<JsonException>(() => UserAttributes.Check("[]"));

    [Fact]
    public void Whatever_is_accepted_comes_back_equal_and_to_the_letter() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Objects().ToArbitrary(), sent =>
        {
            var stored = UserAttributes.Parse(sent.Spaced).Json;

            Assert.Equal(sent.Compact, stored);
            Assert.Equal(stored, UserAttributes.Parse(stored).Json);
            Assert.True(UserAttributes.Parse(sent.Spaced).IsEqualTo(stored));
        }));

    // Random objects with white space between tokens, and without.
    private static Gen<(string Spaced, string Compact)> Objects()
    {
        var text = Gen.Elements("", "a", "Z", " ", "  x", "é", "e\u0301", "ß", "例", "😀", "~", "/", "'", "<", "\u2028", "\u200b", "\u00a0")
            .ListOf(3).Select(string.Concat);
        var number = Gen.Elements("0", "-0", "1.50", "1e5", "1E+05", "-2.5e-10", "12345678901234567890", "0.1000000000000000055511151231257827");
        var space = Gen.Elements("", " ", "\n\t", "  ");
        var leaf = Gen.OneOf(text.Select(it => $"\"{it}\""), number, Gen.Elements("true", "false")).Select(it => (it, it));
        return Objects(4);

        Gen<(string, string)> Values(int levels) => levels == 0 ? leaf
            : Gen.Frequency((3, leaf), (1, Objects(levels - 1)), (1, Values(levels - 1).ListOf(2).SelectMany(items => Join('[', items, ']'))));

        Gen<(string, string)> Objects(int levels) => Values(levels).ListOf(3)
            .Zip(text.ListOf(3))
            .Select(members => members.Item1.Zip(members.Item2.Select((name, i) => $"\"n{i}{name}\":"))
                .Select(member => (member.Second + " " + member.First.Item1, member.Second + member.First.Item2)).ToList())
            .SelectMany(members => Join('{', members, '}'));

        Gen<(string, string)> Join(char open, IReadOnlyList<(string, string)> items, char close) => space.Select(blank =>
            ($"{open}{blank}{string.Join($"{blank},", items.Select(item => item.Item1))}{blank}{close}",
             $"{open}{string.Join(',', items.Select(item => item.Item2))}{close}"));
    }
}
