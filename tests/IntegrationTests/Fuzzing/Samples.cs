using System.Text.Encodings.Web;
using System.Text.Json;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What requests are made of: few good names and addresses, so that they meet again, and many odd things.</summary>
internal static class Samples
{
    public static readonly string[] Names =
    [
        "Ann", "ann", "Ann Lee", "Anna", "Änn", "A\u0308nn", "Z", "a", "Zoe\u0308", "Zoë", " Bob ", "Bob", "100%", "a_b", "O'Neil",
        "李小龍", "👩‍👩‍👧", "\uffee", "\u05d0\u05d1", "\u200fAnn", "Ａｎｎ", "\u212B", "\u1112\u1161\u11ab", "\U0010fffd",
        "<b>&\"\\",
    ];

    // Nine keys in fifteen spellings.
    public static readonly string[] Emails =
    [
        "ann@example.org", "ANN@Example.ORG", " ann@example.org ", "bob@example.org", "cleo@example.org", "cleo+1@example.org",
        "a.n.n@example.org", "o'neil@sub.example.org", "x@bücher.example", "X@xn--bcher-kva.example", "x@BÜCHER.Example",
        "x@bu\u0308cher.example", "i@example.org", "I@ｅｘａｍｐｌｅ.org", "_@x",
    ];

    /// <summary>Names and addresses on the border of what is allowed and beyond it.</summary>
    public static readonly string[] OddTexts =
    [
        "", " ", "\u3000", "\0", "A\0nn", "Ann\n", "A\tnn", "\u007f", "\u0085", "\u200b", "\ufeffAnn",
        "\u202eAnn", "A\u202d", "\u2800 \u3164", "\ufffe", "Ann\ufdd0", "\U0010ffff", "ann@\ufffe.example", "ann\uffff@example.org",
        Repeat("\u0301", 900), Repeat("\u1100\u1161\u11a8", 200),
        new('a', 200), new('a', 201), Repeat("😀", 200), Repeat("😀", 201), Repeat("e\u0301", 200), new(' ', 500),
        Repeat("a\u0301\u0302", 100), "ann", "@", "ann@", "@example.org", "ann@b@example.org", "ann@-example.org",
        "ann@example..org", "ann@example.org.", "ann@[127.0.0.1]", "\"ann\"@example.org", "ännchen@example.org", "ann@xn--a.example",
        "ann@\u200b.example", "ann@exam\0ple.org", "ann@example.org\nbcc:bob@example.org", "ann@ß.example", "ann@\u202e.example",
        $"{new string('l', 64)}@example.org", $"{new string('l', 65)}@example.org",
        $"ann@{new string('d', 63)}.org", $"ann@{new string('d', 64)}.org", $"ann@{new string('ü', 60)}.example",
        $"ann@{Repeat("dddd.", 49)}example", $"ann@{Repeat("dddd.", 49)}examplex", $"ann@{Repeat("ü.", 80)}x",
    ];

    // The first ones are there often, so that they meet again. None is a dot segment, which no URL can carry.
    public static readonly string[] ExternalIds =
    [
        "hr-1", "HR-1", "a/b", "a%2Fb", .. Often("hr-1", "a/b", "ü", "x"),
        "u\u0308", "a%252Fb", "a//b", "/", "//", "%", "100%", "%2F", "%2f", "...", "..a", "../b", "a/../b", "a.", ".a", " ", " a", "a ",
        "a b", "+", "a+b", "?", "a?b=c", "#", "&", ";", "a;b=c", ":", "@", "*", "\\", "\"", "'", "<b>", "{x}", "~", "null", "0", "42",
        "lookup", "😀", "李", "\u200b", "\ufeff", "\ufffe", "\ufdd0", "\U0010ffff", "\u2028", "\u00a0", "\u202e", new('x', 255), Repeat("😀", 255),
    ];

    /// <summary>What external ids cannot be.</summary>
    public static readonly string[] OddExternalIds =
        ["\n", "a\tb", "\u007f", "\u0085", "a\u0001", new('x', 256), Repeat("😀", 256), Repeat("é", 1000)];

    /// <summary>What is no percent-encoded UTF-8, or does not look like it.</summary>
    public static readonly string[] OddPaths =
    [
        "%FF", "%zz", "%", "a%", "%2", "%C3", "%C3%28", "%ED%A0%80", "%C0%AF", "%F4%90%80%80", "%E2%82", "%2F%FF", "%252F%FF", "%25zz",
        "%u0041", "%2%46", "%%32F", "", "a/b", "hr-1/",
    ];

    /// <summary>The characters that a segment of a path may hold as they are (RFC 3986 §3.3), some of them.</summary>
    public const string PlainInPath = "abcdefghijklmnopqrstuvwxyzHR0123456789-._~!$&'()*+,;=:@";

    /// <summary>Lists of keys that a look-up cannot have, or only just.</summary>
    public static readonly string[] OddKeys =
    [
        "[]", "[\"1\"]", "[1.0]", "[1e0]", "[1.5]", "[9223372036854775808]", "[-9223372036854775808]", "[0,null]", "[[0]]", "[{}]", "[true]",
        "\"x\"", Keys(200, _ => "0"), Keys(201, _ => "0"), Keys(200, i => $"\"{i}@example.org\""), Keys(201, i => $"\"{i}@example.org\""),
        """["ann@example.org","ANN@Example.ORG","nobody@example.org"," nobody@example.org ","nobody@example.org"]""",
    ];

    /// <summary>JSON that is no string, and what is no JSON at all.</summary>
    public static readonly string[] OddJson =
    [
        "null", "true", "7", "-0", "1e400", "1.5", new('9', 400), "[]", "{}", "[\"Ann\"]", "{\"first\":\"Ann\"}", Nested(62), Nested(63),
        Nested(64), Nested(2000), "\"\\ud800\"", "\"A\\udc00\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"A\0nn\"", "\"A\nnn\"",
        "\"\\x41\"", "'Ann'", "Ann", "NaN", "01", "", "\"", "\"Ann", "/* Ann */ \"Ann\"",
    ];

    public static readonly string[] OddBodies =
    [
        "", " ", "null", "7", "\"Ann\"", "[]", "{", "}", "{}", "{}{}", "{\"name\":\"Ann\",}", "nonsense", "name=Ann&email=ann@example.org",
        "\ufeff{}", "<user/>", "[{\"name\":\"Ann\",\"email\":\"ann@example.org\"}]", Nested(64), Nested(65), Nested(30_000), "\0",
        $"{{{string.Join(',', Enumerable.Range(0, 150).Select(i => $"\"{i}\":{i}"))}}}",
    ];

    public static readonly string[] OddMembers =
        ["id", "Name", "", "a/b", "name\\u0000", "\\ud800", "é", "__proto__", "\\u006eame", "e\\u006Dail"];

    public static readonly string[] UnknownParameters =
        ["x=1", "LIMIT=1", "=", "user_id%00=1", "&&", "sort", "namePrefix[]=A"];

    public static readonly string[] OddIds =
    [
        "0", "-1", "-0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "99999999999999999999999999", "abc",
        "0.5", "0x0", "0{user 0}", "+{user 0}", "{user 0}.0", "{user 0},", "%20{user 0}", "{user 0}%20", "{user 0}%2F", "{user 0}%C2%A0",
        "%D9%A1", "{%user 0}", "{user 0}e0", "null", "*", "{user 0};x", "",
    ];

    /// <summary>Encoded texts that say little, or nothing that Unicode knows.</summary>
    public static readonly string[] OddEncodings =
        ["", "%", "%zz", "%00", "Ann%00", "%C3", "%ED%A0%80", "%C0%AF", "%F4%90%80%80", "%20", "+", "%0A"];

    /// <summary>What a parameter of another type is not, or only just.</summary>
    public static readonly string[] OddValues =
    [
        "-1", "0", "1e2", "2147483648", "99999999999999999999", "TRUE", "yes", "%22", "'", "{user 0},{user 0}", "0,{user 0}", ",", "1,,2",
        "AQ", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "nonsense", "ID", "--id", "%2Did", "id,name",
        "2026-11-22", "2026-11-22T07:00:00", "2026-11-22t07:00:00z", "2026-11-22T07:00:00.0000005Z", "2026-11-22T07:00:00.0000015Z",
        "2026-11-22T08:00:00.000001%2B01:00", "2026-11-22T07:00:00-00:00", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00%2B01:00", "9999-12-31T23:59:59-01:00", "yesterday",
    ];

    /// <summary>Numbers written oddly. None of them is among <see cref="OddValues"/>, for it might be somebody's id.</summary>
    public static readonly string[] OddNumbers = ["%2B5", "5+", "05", "5.0", "%205", "0x5", "5e0"];

    public static readonly Dictionary<string, string[]> OddHeaders = new()
    {
        ["Accept"] =
        [
            "application/json", "*/*", "application/*;q=0.5", "text/html", "text/html, */*;q=0.1", "application/json;q=0",
            "*/*, application/json;q=0", "application/problem+json", "nonsense",
        ],
        ["If-Match"] =
        [
            "*", "\"{version 0}\"", "\"{version 1}\", \"999\"", "\"999\"", "W/\"{version 0}\"", "\"0{version 0}\"", "\"abc\"", "\"\"",
            "{version 0}", "\"{version 0}", "*, \"{version 0}\"", "\"+{version 0}\"", "\"99999999999999999999\"", "nonsense",
        ],
        ["If-None-Match"] =
        [
            "*", "\"{version 0}\"", "\"999\"", "W/\"{version 0}\"", "\"999\", W/\"{version 0}\"", "\"0{version 0}\"", "nonsense",
            "{version 0}",
        ],
        ["Content-Type"] =
        [
            "application/json", "application/merge-patch+json", "application/json; charset=utf-8", "Application/JSON;charset=\"UTF-8\"",
            "application/json; charset=utf-16", "application/problem+json", "text/plain", "application/x-www-form-urlencoded", "nonsense",
        ],
        ["Content-Encoding"] = ["identity", "gzip", "br"],
        ["Transfer-Encoding"] = ["chunked"],
        ["Expect"] = ["100-continue"],
        ["Range"] = ["bytes=0-0"],
        ["X-HTTP-Method-Override"] = ["DELETE"],
        ["traceparent"] = ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "nonsense"],
        ["Accept-Encoding"] = ["gzip", "br", "identity;q=0", "gzip;q=0.5, br;q=1.0"],
    };

    private static readonly JsonSerializerOptions InOwnLetters = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Literal(string text, bool isEscaped) => JsonSerializer.Serialize(text, isEscaped ? null : InOwnLetters);

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static IEnumerable<string> Often(params string[] texts) => Enumerable.Repeat(texts, 20).SelectMany(text => text);

    private static string Keys(int count, Func<int, string> key) => $"[{string.Join(',', Enumerable.Range(0, count).Select(key))}]";

    private static string Nested(int depth) => new string('[', depth) + new string(']', depth);
}
