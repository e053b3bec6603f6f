using System.Globalization;
using System.Text;
using UserCqrs.Domain;
using UserCqrs.IntegrationTests.Fixtures;
using UserCqrs.IntegrationTests.Fuzzing;

namespace UserCqrs.IntegrationTests.V1;

/// <summary>
/// Code points in every place where a consumer gives text: what is no rule's business is kept, the rest is refused, and nothing
/// is a 500. The environment variable CODE_POINTS=all tries all of them (a minute for each database); without it, one in 251 that
/// a name may hold, and the first and last of each kind that it may not.
/// </summary>
public abstract class CodePointTests(UsersService service) : HttpTests(service)
{
    private const int Last = 0x10FFFF;
    private const int InOneName = 150;

    private static readonly bool All = Environment.GetEnvironmentVariable("CODE_POINTS") == "all";

    private static readonly int[] Refused =
        [0, 0x1F, 0x7F, 0x9F, 0x202D, 0x202E, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF];

    private static readonly string[] Kinds =
    [
        "\0", " ", "a", "\u0301", "\u1100", "\u1161", "\u200d", "\u202e", "\ud800", "\udc00", "\ufffe", "\U0010fffd",
    ];

    [Fact(SizedBy = "CODE_POINTS")]
    public async Task Those_that_a_name_may_hold_come_back_as_they_went()
    {
        var user = await NewUserAsync();
        var allowed = Enumerable.Range(0, Last + 1).Where(codePoint => All || codePoint < 0x300 || codePoint % 251 == 0)
            .Select(Text).Where(text => UserName.TryParse($"a{text}b", out _, out _));
        foreach (var (number, part) in allowed.Chunk(InOneName).Index())
        {
            var name = $"a{string.Concat(part)}b";
            var expected = UserName.Parse(name).Value;

            var response = await PatchAsync(user.Path, $$"""{"name":{{Samples.Literal(name, isEscaped: number % 2 == 0)}}}""");
            Assert.Equal((200, expected), (response.Status, response.Status == 200 ? response.Member("name") : response.Text));

            var found = await GetAsync($"/v1/users?namePrefix={Uri.EscapeDataString(name)}&id={user.Id}&sort=name");
            Assert.Equal(expected, Assert.Single(found.Json.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        }
    }

    [Fact(SizedBy = "CODE_POINTS")]
    public async Task Those_that_are_no_text_are_refused_wherever_they_stand()
    {
        var user = await NewUserAsync();
        var refused = Enumerable.Range(0, Last + 1)
            .Where(codePoint => All || Refused.Contains(codePoint))
            .Select(Text).Where(text => !UserName.TryParse($"a{text}b", out _, out _));
        foreach (var text in refused)
        {
            var (json, query) = (Escaped(text), Encoded(text));
            foreach (var body in new[]
            {
                $$"""{"name":"a{{json}}b","email":"ann@example.org"}""", $$"""{"name":"Ann","email":"a{{json}}@example.org"}""",
                $$"""{"name":"Ann","email":"ann@b{{json}}.example"}""", $$"""{"name":"Ann","email":"ann@example.org","{{json}}":1}""",
            })
                await AnswersAsync(422, "POST", "/v1/users", body);
            await AnswersAsync(422, "PATCH", user.Path, $$"""{"name":"a{{json}}b"}""");
            await AnswersAsync(422, "POST", "/user", $$"""{"name":"a{{json}}b","email":"ann@example.org"}""");
            await AnswersAsync(400, "GET", $"/v1/users?{query}={query}&limit={query}&sort={query}&cursor={query}&id={query}"
                + $"&email={query}&createdAfter={query}&count={query}&namePrefix=a{query}");
            await AnswersAsync(400, "GET", $"/v1/users?email=ann@b{query}.example");
            await AnswersAsync(400, "GET", $"/v1/users?cursor=AQ{query}");
            await AnswersAsync(422, "GET", $"/user?user_id={query}");
            if (IsSurrogate(text[0]))
                continue; // no octets of a query or a path are one; it is taken for the letters of its escape, %ED and so on
            await AnswersAsync(400, "GET", $"/v1/users?namePrefix=a{query}b", unless: UserName.CanBeginWith($"a{text}b"));
            if (!char.IsControl(text[0]))
                await AnswersAsync(404, "GET", $"/v1/users/{query}");
        }
    }

    [Fact]
    public async Task Any_two_kinds_side_by_side_are_taken_or_refused_by_the_rules()
    {
        var user = await NewUserAsync();
        foreach (var text in Kinds.SelectMany(one => Kinds.Select(other => one + other)))
        {
            var isName = UserName.TryParse(text, out var name, out _);

            var patched = await PatchAsync(user.Path, $$"""{"name":"{{Escaped(text)}}"}""");
            Assert.True(patched.Status == (isName ? 200 : 422), $"{Escaped(text)}: {patched.Status} {patched.Text}");
            Assert.Equal(isName ? name!.Value : null, isName ? patched.Member("name") : null);

            if (text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar)) // half of a pair is read as that
                await AnswersAsync(400, "GET", $"/v1/users?namePrefix={Encoded(text)}", unless: UserName.CanBeginWith(text));
        }
    }

    private async Task AnswersAsync(int status, string method, string path, string? json = null, bool unless = false)
    {
        var mediaType = method == "PATCH" ? "application/merge-patch+json" : "application/json";
        var response = await SendAsync(method, path, json is null ? null : Body(json, mediaType));
        Assert.True(response.Status == (unless ? 200 : status), $"{method} {path} {json}: {response.Status} {response.Text}");
    }

    private static bool IsSurrogate(int codePoint) => codePoint is >= 0xD800 and <= 0xDFFF;

    private static string Text(int codePoint) =>
        IsSurrogate(codePoint) ? $"{(char)codePoint}" : char.ConvertFromUtf32(codePoint);

    private static string Escaped(string text) => string.Concat(text.Select(unit => $"\\u{(int)unit:x4}"));

    // As UTF-8 would have it, also of half a surrogate pair, which it does not.
    private static string Encoded(string text) => text.Length == 1 && char.IsSurrogate(text[0])
        ? string.Create(CultureInfo.InvariantCulture, $"%ED%{0x80 | (text[0] >> 6 & 0x3F):X2}%{0x80 | (text[0] & 0x3F):X2}")
        : Uri.EscapeDataString(text);
}
