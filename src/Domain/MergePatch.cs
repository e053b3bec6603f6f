using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace UserCqrs.Domain;

/// <summary>JSON Merge Patch (RFC 7396).</summary>
public static class MergePatch
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Applies a patch to a JSON text: members of objects are replaced, added or, if null in the patch, removed; any other value
    /// is replaced as a whole. Members keep their order, new ones follow them, and numbers keep their spelling.
    /// </summary>
    /// <param name="target">A JSON text without duplicate names.</param>
    /// <param name="patch">A JSON text without duplicate names.</param>
    /// <exception cref="JsonException">A text is not JSON.</exception>
    public static string Apply(string target, string patch)
    {
        using var before = JsonDocument.Parse(target);
        using var changes = JsonDocument.Parse(patch);
        var result = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(result, Options))
            Write(json, before.RootElement, changes.RootElement);
        return Encoding.UTF8.GetString(result.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            patch.WriteTo(json);
            return;
        }

        var before = target is { ValueKind: JsonValueKind.Object } given ? given : (JsonElement?)null;
        json.WriteStartObject();
        foreach (var member in before?.EnumerateObject() ?? default)
        {
            if (!patch.TryGetProperty(member.Name, out var change))
                member.WriteTo(json);
            else if (change.ValueKind != JsonValueKind.Null)
                WriteMember(member.Name, member.Value, change);
        }

        foreach (var member in patch.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            if (before?.TryGetProperty(member.Name, out _) != true)
                WriteMember(member.Name, null, member.Value);
        }

        json.WriteEndObject();

        void WriteMember(string name, JsonElement? from, JsonElement change)
        {
            json.WritePropertyName(name);
            Write(json, from, change);
        }
    }
}
