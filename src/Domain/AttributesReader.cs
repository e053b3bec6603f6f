using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace UserCqrs.Domain;

/// <summary>Checks attributes, or a merge patch of them, and writes them without white space between tokens.</summary>
internal sealed class AttributesReader
{
    private const int MaxViolations = 100;
    private const int MaxExponent = 999;

    // Deeper JSON is read too, so that it can be reported; a body cannot be deeper than it is long.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 * 1024 };

    private readonly bool _isPatch;
    private readonly StringBuilder _json = new();
    private readonly List<Violation> _violations = [];
    private int _members;
    private int _arrays; // around the value that is being read

    private AttributesReader(bool isPatch) => _isPatch = isPatch;

    public static (string Json, IReadOnlyList<Violation> Violations) Read(string json, bool isPatch)
    {
        using var document = JsonDocument.Parse(CutOff(Encoding.UTF8.GetBytes(json)));
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException("Attributes are a JSON object.");
        var reader = new AttributesReader(isPatch);
        reader.ReadObject(document.RootElement, "", depth: 1);
        var compact = reader._json.ToString();
        reader.CheckTotals(compact);
        return (compact, reader._violations);
    }

    /// <summary>
    /// Empties the objects and arrays that are too deep, which are reported nevertheless: <see cref="JsonDocument"/> takes
    /// quadratic time for deep JSON.
    /// </summary>
    private static ReadOnlyMemory<byte> CutOff(byte[] utf8)
    {
        var kept = new ArrayBufferWriter<byte>(utf8.Length);
        var from = 0;
        var reader = new Utf8JsonReader(utf8, Options);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)
                || reader.CurrentDepth < UserAttributes.MaxDepth)
                continue;
            kept.Write(utf8.AsSpan(from, (int)reader.TokenStartIndex - from));
            kept.Write("[]"u8);
            reader.Skip();
            from = (int)reader.BytesConsumed;
        }

        kept.Write(utf8.AsSpan(from));
        return kept.WrittenMemory;
    }

    private void CheckTotals(string compact)
    {
        var maxMembers = _isPatch ? UserAttributes.MaxPatchMembers : UserAttributes.MaxMembers;
        if (_members > maxMembers)
            Report("tooManyMembers", $"must have at most {maxMembers} members in all their objects together", "");
        if (!_isPatch && Encoding.UTF8.GetByteCount(compact) > UserAttributes.MaxSize)
            Report("tooLarge", $"must have at most {UserAttributes.MaxSize} octets as JSON without white space", "");
    }

    private void Read(JsonElement value, string pointer, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth > UserAttributes.MaxDepth:
                Report("tooDeep", $"must have at most {UserAttributes.MaxDepth} objects and arrays inside each other", pointer);
                break;
            case JsonValueKind.Object:
                ReadObject(value, pointer, depth);
                break;
            case JsonValueKind.Array:
                ReadArray(value, pointer, depth);
                break;
            case JsonValueKind.String:
                if (TextOf(value.GetString, pointer) is { } text)
                    Write(text);
                break;
            case JsonValueKind.Number:
                ReadNumber(value, pointer);
                break;
            default:
                _json.Append(value.ValueKind == JsonValueKind.True ? "true" : "false");
                break;
        }
    }

    private void ReadObject(JsonElement value, string pointer, int depth)
    {
        var names = new HashSet<string>();
        _json.Append('{');
        foreach (var member in value.EnumerateObject())
        {
            _members++;
            if (TextOf(() => member.Name, pointer) is { } name)
                ReadMember(name, member.Value, isFirst: names.Count == 0, isAgain: !names.Add(name), pointer, depth);
        }

        _json.Append('}');
    }

    private void ReadMember(string name, JsonElement value, bool isFirst, bool isAgain, string pointer, int depth)
    {
        var at = $"{pointer}/{JsonPointer.Escape(name)}";
        if (isAgain)
            Report("duplicate", "must not have two members of the same name in one object", at);
        if (name.Length == 0 || Text.IsLonger(name, UserAttributes.MaxNameLength))
        {
            Report("nameLength", $"must have names of 1 to {UserAttributes.MaxNameLength} characters", at);
            return;
        }

        if (!isFirst)
            _json.Append(',');
        Write(name);
        _json.Append(':');
        if (value.ValueKind != JsonValueKind.Null)
            Read(value, at, depth + 1);
        else if (!_isPatch || _arrays > 0) // a patch replaces arrays as a whole
            Report("null", "must not contain null", at);
    }

    private void ReadArray(JsonElement value, string pointer, int depth)
    {
        var index = 0;
        _arrays++;
        _json.Append('[');
        foreach (var item in value.EnumerateArray())
        {
            if (index > 0)
                _json.Append(',');
            var at = string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index++}");
            if (item.ValueKind == JsonValueKind.Null)
                Report("null", "must not contain null", at);
            else
                Read(item, at, depth + 1);
        }

        _json.Append(']');
        _arrays--;
    }

    private void ReadNumber(JsonElement value, string pointer)
    {
        if (!IsInRange(value))
            Report("numberOutOfRange", "must not have a number beyond the range of a double (RFC 7493 §2.2)", pointer);
        _json.Append(value.GetRawText());
    }

    /// <summary>Whether a number may be stored. Not even zero may have a long exponent: it could not be compared.</summary>
    public static bool IsInRange(JsonElement element)
    {
        var (number, value) = (element.GetRawText(), element.GetDouble());
        var exponentAt = number.AsSpan().IndexOfAny('e', 'E');
        var digits = exponentAt < 0 ? number : number.AsSpan(0, exponentAt);
        return double.IsFinite(value)
            && (value != 0 || !digits.ContainsAnyInRange('1', '9'))
            && (exponentAt < 0 || (int.TryParse(
                number.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
                && Math.Abs((long)exponent) <= MaxExponent));
    }

    // Returns null, after a report, if the text cannot be stored.
    private string? TextOf(Func<string?> read, string pointer)
    {
        string? text;
        try
        {
            text = read();
        }
        catch (InvalidOperationException) // an escaped unpaired surrogate
        {
            text = null;
        }

        if (text is null || !Text.IsInterchangeable(text))
            Report("malformed", "must not have noncharacters (U+FFFE …) or half of a surrogate pair", pointer);
        else if (text.Contains('\0', StringComparison.Ordinal))
            Report("nulCharacter", "must not contain the character U+0000", pointer);
        else
            return text;
        return null;
    }

    // RFC 8259 §7 requires no other escapes.
    private void Write(string text)
    {
        _json.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => _json.Append('\\').Append(character),
                '\n' => _json.Append("\\n"),
                '\r' => _json.Append("\\r"),
                '\t' => _json.Append("\\t"),
                < ' ' => _json.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => _json.Append(character),
            };
        }

        _json.Append('"');
    }

    private void Report(string code, string rule, string pointer)
    {
        if (_violations.Count < MaxViolations)
            _violations.Add(new($"attributes.{code}", $"The attributes {rule}.", pointer));
    }
}
