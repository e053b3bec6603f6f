using System.Buffers;
using System.Text;
using System.Text.Json;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>The columns of a CSV that each have one attribute, such as <c>attributes.address.city</c>.</summary>
internal sealed class AttributeColumns
{
    /// <summary>What the names of these columns start with.</summary>
    public const string Prefix = "attributes.";

    private const int MaxNames = 5; // the depth of attributes

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 64 * 1024 };

    private readonly Node _root = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Adds a column. Returns what is wrong with its path, or <c>null</c>.</summary>
    public string? Add(string column, int index)
    {
        var names = column[Prefix.Length..].Split('.', MaxNames + 1);
        if (names.Length > MaxNames)
            return $"The path of a column attributes.<path> has up to {MaxNames} names.";
        var node = _root;
        foreach (var name in names)
        {
            if (node.Column is not null)
                return "A column attributes.<path> is inside another one.";
            node = node.Members.TryGetValue(name, out var known) ? known : node.Members[name] = new();
        }

        node.Column = index;
        return node.Members.Count > 0 ? "A column attributes.<path> is inside another one." : null;
    }

    /// <summary>The attributes of a line as JSON; <c>null</c> if all its cells are empty.</summary>
    public string? Read(IReadOnlyList<string> cells)
    {
        if (!_root.IsGiven(cells))
            return null;
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, new() { Encoder = ApiJson.Default.Options.Encoder, SkipValidation = true }))
            Write(json, _root, cells);
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Node node, IReadOnlyList<string> cells)
    {
        if (node.Column is { } column)
        {
            if (IsJson(cells[column]))
                json.WriteRawValue(cells[column], skipInputValidation: true); // the rules for attributes check it
            else
                json.WriteStringValue(cells[column]);
            return;
        }

        json.WriteStartObject();
        foreach (var (name, member) in node.Members.Where(member => member.Value.IsGiven(cells)))
        {
            json.WritePropertyName(name);
            Write(json, member, cells);
        }

        json.WriteEndObject();
    }

    // A number, true or false, or other JSON is meant as such; everything else is a string.
    private static bool IsJson(string cell)
    {
        try
        {
            using var _ = JsonDocument.Parse(cell, AnyDepth);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Members { get; } = [];

        public int? Column { get; set; }

        public bool IsGiven(IReadOnlyList<string> cells) =>
            Column is { } column ? cells[column].Length > 0 : Members.Values.Any(member => member.IsGiven(cells));
    }
}
