using System.Text;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What attributes are made of, as JSON.</summary>
internal static class AttributeSamples
{
    public static readonly string[] Names =
        Quoted("a", "b", "c", @"\u0061", "é", @"\u00e9", "plan", "A", "a/b~c", " ", "id", "next");

    /// <summary>Some of them are the same to JSON.</summary>
    public static readonly string[] Values =
    [
        "true", "false", "[]", "{}", "1", "1.0", "10e-1", "1E0", "0", "-0", "0.0", "0e5", "-1.50", "-15e-1", "0.1", "1e308", "5e-324",
        "1e-400", "1.7976931348623157e308", "0.10000000000000000000000000000001", "9007199254740993", "123456789012345678901234567890",
        "123456789012345678901234567891", "1e-2147483648", "0e2147483647",
        .. Quoted("", "x", @"\u0078", "é", @"\u00E9", "e\u0301", " a  b ", "/", @"\/", @"\b\f\n\r\t", @"\u0001", "\u007f\u0085\u2028",
            "😀", @"\ud83d\ude00", @"\""\\", "<script>&'"),
    ];

    /// <summary>The first four are the same to JSON.</summary>
    public static readonly string[] Twins =
    [
        """{"a":1,"b":[0,"é"]}""", """{"b":[0,"é"],"a":1}""", """{ "b" : [-0.0,"\u00e9"], "\u0061" : 1e0 }""",
        """{"a":10e-1,"b":[0e7,"é"]}""",
        """{"a":1,"b":["é",0]}""", """{"a":1}""",
    ];

    /// <summary>On the border of what is allowed. One of them after another may go beyond it.</summary>
    public static readonly string[] Large =
    [
        "{}", WithMembers("m", 60), WithMembers("n", 60), WithMembers("m", 100), OfSize(8192), OfSize(5000, "p"), OfSize(5000, "q"),
        Of(Nested("[", "]", 4)), Of(Nested("{\"a\":", "}", 4)), Of($"\"{Repeat(@"\u0041", 8000)}\""), $"{{{new string(' ', 9000)}}}",
        $"{{\"{new string('n', 64)}\":1}}", $"{{\"{Repeat("😀", 64)}\":1}}",
    ];

    /// <summary>They break a rule, except in a patch perhaps.</summary>
    public static readonly string[] Odd =
    [
        """{"a":null}""", """{"a":{"b":null,"c":null}}""", """{"a":[null]}""", """{"a":[{"b":null}]}""", """{"a":[{"b":{"c":null}}]}""",
        """{"a":1,"a":1}""", """{"a":1,"\u0061":1}""", """{"a":{"b":1,"b":2}}""", """{"a":[{"b":1,"b":2}]}""", """{"a":null,"a":1}""",
        """{"":1}""", """{"":null}""", """{"\ud800":1}""", """{"a\u0000":1}""", "{\"\ufffe\":1}", """{"\ufdd0":null}""", """{"a":"\ud83d"}""",
        """{"a":"\uffff"}""", "{\"a\":\"\U0001fffe\"}", """{"a":1e309}""", """{"a":[-1e999]}""",
        """{"a":1e99999999999999999999}""", """{"a":1e-2147483649}""", """{"a":[0e2147483648]}""", """{"a":1e-99999999999999999999}""",
        $"{{\"{new string('n', 65)}\":1}}", $"{{\"{Repeat("😀", 65)}\":null}}",
        Of(Nested("[", "]", 5)), Of(Nested("[", "]", 100)), Of(Nested("[", "]", 1000)),
        Of(Nested("{\"a\":", "}", 5)), Of(Nested("{\"a\":", "}", 100)), Of(Nested("{\"a\":", "}", 1000)), Of(Nested("{\"a\":", "}", 5000)),
        WithMembers("m", 101), WithMembers("m", 201), WithMembers("m", 100, "null"), WithMembers("m", 200, "null"), WithMembers("m", 201, "null"),
        Of($"[{WithMembers("m", 99)}]"), Of($"[{WithMembers("m", 50)},{WithMembers("m", 50)}]"),
        OfSize(8193), OfSize(8193, "é"), OfSize(60_000), Of($"\"{Repeat(@"\u0001", 1364)}\""), Of($"\"{Repeat(@"\u0001", 1365)}\""),
        "{\"a\":{}}{", "[{}]", """{"a":1,}""", """{"a"}""", "{a:1}", """{"a":0x1}""",
    ];

    private static string[] Quoted(params string[] texts) => [.. texts.Select(text => $"\"{text}\"")];

    private static string Of(string value) => $"{{\"a\":{value}}}";

    private static string WithMembers(string name, int count, string value = "1") =>
        $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{name}{i}\":{value}"))}}}";

    /// <summary>An object of one member that takes so many octets.</summary>
    private static string OfSize(int octets, string name = "p") =>
        $"{{\"{name}\":\"{new string('x', octets - 7 - Encoding.UTF8.GetByteCount(name))}\"}}";

    private static string Nested(string open, string close, int depth) =>
        $"{Repeat(open, depth)}{(open == "[" ? "" : "1")}{Repeat(close, depth)}";

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
