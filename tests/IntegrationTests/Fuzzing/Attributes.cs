using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What the contract says about attributes, written a second time and as simply as possible.</summary>
internal static class Attributes
{
    private const int MaxSize = 8 * 1024;
    private const int MaxDepth = 5;
    private const int MaxMembers = 100;

    /// <summary>Whether these can be stored or, if they are a merge patch, whether they break no rule by themselves.</summary>
    public static bool AreGood(JsonElement json, bool isPatch) => json.ValueKind == JsonValueKind.Object
        && IsGood(json, isPatch, depth: 1)
        && MembersOf(json) <= (isPatch ? 2 * MaxMembers : MaxMembers)
        && (isPatch || Encoding.UTF8.GetByteCount(Write(json)) <= MaxSize);

    /// <summary>The same without white space, and with only the escapes that JSON requires.</summary>
    public static string Write(JsonElement json) => Write(json, isNormal: false);

    /// <summary>Whether both are the same to JSON: neither the order of members nor the spelling of numbers matters.</summary>
    public static bool AreEqual(string one, string other) =>
        Write(JsonElement.Parse(one), isNormal: true) == Write(JsonElement.Parse(other), isNormal: true);

    /// <summary>RFC 7396.</summary>
    public static string Merge(string target, JsonElement patch) =>
        Write(JsonElement.Parse(Merge(JsonNode.Parse(target), JsonNode.Parse(patch.GetRawText()))?.ToJsonString() ?? "{}"));

    // The pseudocode of RFC 7396 §2. A JSON null is null here.
    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var result = target is JsonObject ? target.DeepClone().AsObject() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
                result.Remove(name);
            else
                result[name] = Merge(result[name], change);
        }

        return result;
    }

    private static bool IsGood(JsonElement json, bool mayBeNull, int depth) => json.ValueKind switch
    {
        JsonValueKind.Object => depth <= MaxDepth
            && json.EnumerateObject().Select(member => RequestReader.TextOrNull(() => member.Name)).ToList() is var names
            && names.TrueForAll(name => IsText(name) && name!.EnumerateRunes().Count() is >= 1 and <= 64)
            && names.Distinct().Count() == names.Count
            && json.EnumerateObject().All(member => IsGood(member.Value, mayBeNull, depth + 1)),
        JsonValueKind.Array => depth <= MaxDepth && json.EnumerateArray().All(item => IsGood(item, mayBeNull: false, depth + 1)),
        JsonValueKind.String => IsText(RequestReader.TextOrNull(() => json.GetString()!)),
        JsonValueKind.Number => IsInRange(json.GetRawText()),
        JsonValueKind.Null => mayBeNull,
        _ => true,
    };

    private static bool IsText(string? text) => text is not null && text.EnumerateRunes()
        .All(rune => rune.Value is not (0 or (>= 0xFDD0 and <= 0xFDEF)) && (rune.Value & 0xFFFF) is not (0xFFFE or 0xFFFF));

    private static int MembersOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().Sum(member => 1 + MembersOf(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().Sum(MembersOf),
        _ => 0,
    };

    private static string Write(JsonElement json, bool isNormal) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', json.EnumerateObject()
            .OrderBy(member => isNormal ? member.Name : "", StringComparer.Ordinal)
            .Select(member => $"{Quote(member.Name)}:{Write(member.Value, isNormal)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(item => Write(item, isNormal)))}]",
        JsonValueKind.String => Quote(json.GetString()!),
        JsonValueKind.Number when isNormal => NormalNumber(json.GetRawText()),
        _ => json.GetRawText(),
    };

    private static string Quote(string text) => $"\"{string.Concat(text.Select(character => character switch
    {
        '"' or '\\' => $"\\{character}",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' => $"\\u{(int)character:x4}",
        _ => $"{character}",
    }))}\"";

    private static bool IsInRange(string number)
    {
        var value = double.Parse(number, CultureInfo.InvariantCulture);
        var isZero = number.Split('e', 'E')[0].All(character => character is '0' or '.' or '-');
        return double.IsFinite(value) && value == 0 == isZero
            && BigInteger.Abs(BigInteger.Parse(ExponentOf(number), CultureInfo.InvariantCulture)) < 1000;
    }

    private static string ExponentOf(string number) => number.Split('e', 'E').ElementAtOrDefault(1) ?? "0";

    /// <summary>The significant digits, and how often to multiply them by ten: 1.50 is 15e-1.</summary>
    private static string NormalNumber(string number)
    {
        var parts = number.Split('e', 'E')[0].TrimStart('-').Split('.');
        var digits = string.Concat(parts);
        var significant = digits.TrimEnd('0');
        var exponent = BigInteger.Parse(ExponentOf(number), CultureInfo.InvariantCulture)
            + digits.Length - significant.Length - (parts.ElementAtOrDefault(1)?.Length ?? 0);
        significant = significant.TrimStart('0');
        return significant == "" ? "0" : $"{(number.StartsWith('-') ? "-" : "")}{significant}e{exponent}";
    }
}
