using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>Makes bodies with these members: most as a client would send them, the others odd in some part.</summary>
/// <param name="members">The members that the document gives to the body.</param>
/// <param name="required">Those that are there in every good body.</param>
/// <param name="isPatch">Whether the body is a merge patch.</param>
internal sealed class BodyGenerator(string[] members, string[] required, bool isPatch)
{
    private const int MaxBody = 64 * 1024;

    public Gen<byte[]?> Bodies(bool isOdd)
    {
        var good = MembersBut([]).Select(Object);
        if (!isOdd)
            return good.Select(body => (byte[]?)Encoding.UTF8.GetBytes(body));

        // Attributes can be odd in more ways than the others.
        var oddMember = from member in Gen.Elements([.. members, .. Enumerable.Repeat("attributes", members.Contains("attributes") ? 5 : 0)])
                        from value in OddValueOf(member)
                        select (Name: member, Text: $"\"{member}\":{value}");
        var withOddMember = from odd in oddMember
                            from others in MembersBut([odd.Name])
                            select Object([odd.Text, .. others]);
        var withMore = from values in MembersBut([])
                       from more in Gen.Elements(Samples.OddMembers).Select(name => $"\"{name}\":\"Ann\"")
                           .Or(oddMember.Select(odd => odd.Text))
                       select Object([.. values, more]);
        var withLess = from values in MembersBut([])
                       from kept in Gen.SubListOf(values)
                       select Object([.. kept]);
        var cut = from body in good from length in Gen.Choose(0, body.Length) select body[..length];
        var padded = from body in good
                     from length in Gen.Elements(MaxBody - 1, MaxBody, MaxBody + 1, MaxBody + 4096)
                     select body.PadRight(length - Encoding.UTF8.GetByteCount(body) + body.Length);
        var text = Gen.Frequency(
            (4, withOddMember), (3, withMore), (2, withLess), (1, cut), (1, padded), (2, Gen.Elements(Samples.OddBodies)));
        var inWrongOctets = from body in good
                            from octet in Gen.Elements<byte>(0x00, 0x80, 0xC3, 0xED, 0xF8, 0xFF)
                            from at in Gen.Choose(0, body.Length)
                            select (byte[]?)[.. Encoding.UTF8.GetBytes(body[..at]), octet, .. Encoding.UTF8.GetBytes(body[at..])];
        return Gen.Frequency(
            (12, text.Select(body => (byte[]?)Encoding.UTF8.GetBytes(body))),
            (2, inWrongOctets),
            (1, good.Select(body => (byte[]?)Encoding.Unicode.GetBytes(body))),
            (1, Gen.Constant<byte[]?>(null)));
    }

    // Half of the patches have one member, so that some change nothing.
    private Gen<string[]> MembersBut(string[] left)
    {
        var optional = members.Except(required).Except(left).ToArray();
        var some = Gen.SubListOf(optional).Select(names => names.ToArray());
        return
            from names in isPatch ? some.Or(Gen.Elements(optional).Select(name => new[] { name })) : some
            from values in Gen.CollectToArray(
                required.Except(left).Concat(names), member => ValueOf(member).Select(value => $"\"{member}\":{value}"))
            select values;
    }

    private Gen<string> ValueOf(string member) => member switch
    {
        "email" => Text(Samples.Emails),
        "externalId" => Gen.Frequency((6, Text(Samples.ExternalIds)), (1, Gen.Constant("null"))),
        "active" => Gen.Elements("true", "false"),
        "attributes" => Gen.Frequency(
            (6, Attributes(depth: 2)), (5, Gen.Elements(AttributeSamples.Twins)), (3, Gen.Elements(AttributeSamples.Large)),
            (1, Gen.Constant("null"))),
        "ids" => ArrayOf(Gen.Frequency((5, Gen.Constant("{user 0}").SelectMany(RequestGenerator.WithSomeUser)),
            (1, Gen.Elements("0", "-1", "-0", "9223372036854775807")))),
        "emails" => ArrayOf(Text(Samples.Emails)),
        "externalIds" => ArrayOf(Text(Samples.ExternalIds)),
        _ => Text(Samples.Names),
    };

    private static Gen<string> OddValueOf(string member)
    {
        var odd = Gen.Elements(Samples.OddJson).Or(Text(Samples.OddTexts));
        return member switch
        {
            "externalId" => odd.Or(Text(Samples.OddExternalIds)),
            "attributes" => Gen.Frequency(
                (1, odd), (3, Gen.Elements(AttributeSamples.Odd)), (2, odd.Select(value => $"{{\"a\":{value}}}")),
                (1, odd.Select(value => $"{{\"a\":[{{\"b\":{value}}}]}}")),
                (1, Text(Samples.OddTexts).Select(name => $"{{\"b\":1,{name}:1}}"))),
            "ids" or "emails" or "externalIds" => Gen.Frequency(
                (1, odd), (2, ArrayOf(odd)), (2, Gen.Elements(Samples.OddKeys))),
            _ => odd,
        };
    }

    private Gen<string> Attributes(int depth)
    {
        var scalar = Gen.Frequency((isPatch ? 4 : 0, Gen.Constant("null")), (8, Gen.Elements(AttributeSamples.Values)));
        var value = depth == 0 ? scalar : Gen.Frequency(
            (6, scalar), (2, Attributes(depth - 1)), (1, ArrayOf(Gen.Elements(AttributeSamples.Values))),
            (1, ArrayOf(Gen.Elements([.. AttributeSamples.Twins, .. isPatch ? ["{\"a\":null}"] : Array.Empty<string>()]))));
        return
            from names in Gen.Shuffle(AttributeSamples.Names)
            from count in Gen.Choose(0, 3)
            from members in Gen.CollectToArray(names.Take(count), name => value.Select(text => $"{name}:{text}"))
            from space in Gen.Elements("", "", " ", "\n\t")
            select $"{{{space}{string.Join($"{space},{space}", members)}{space}}}";
    }

    private static Gen<string> ArrayOf(Gen<string> item) =>
        Gen.Choose(0, 3).SelectMany(item.ArrayOf).Select(items => $"[{string.Join(", ", items)}]");

    private static Gen<string> Text(string[] texts) =>
        from text in Gen.Elements(texts)
        from isEscaped in Gen.Elements(true, false)
        select Samples.Literal(text, isEscaped);

    private static string Object(string[] members) => $"{{{string.Join(',', members)}}}";
}
