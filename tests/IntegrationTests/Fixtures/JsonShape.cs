using System.Text.Json;

namespace UserCqrs.IntegrationTests.Fixtures;

/// <summary>As much of JSON Schema as the document uses for responses. Members that it does not name are mismatches.</summary>
internal static class JsonShape
{
    /// <summary>Where the value departs from the schema, or <c>null</c>.</summary>
    public static string? FirstMismatch(JsonElement document, JsonElement schema, JsonElement value, string at = "")
    {
        schema = Resolve(document, schema);
        if (!TypesOf(schema).Contains(TypeOf(value)))
            return $"{at} is {TypeOf(value)}";
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(known => JsonElement.DeepEquals(known, value)))
            return $"{at} is none of the enumeration";

        return value.ValueKind switch
        {
            JsonValueKind.Object => FirstMismatchInObject(document, schema, value, at),
            JsonValueKind.Array => value.EnumerateArray()
                .Select((item, index) => FirstMismatch(document, schema.GetProperty("items"), item, $"{at}/{index}"))
                .FirstOrDefault(mismatch => mismatch is not null),
            _ => null,
        };
    }

    /// <summary>What an element refers to, or the element itself.</summary>
    public static JsonElement Resolve(JsonElement document, JsonElement element) => element.TryGetProperty("$ref", out var reference)
        ? reference.GetString()!.Split('/').Skip(1).Aggregate(document, (parent, part) => parent.GetProperty(part))
        : element;

    private static string? FirstMismatchInObject(JsonElement document, JsonElement schema, JsonElement value, string at)
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return null; // any object

        foreach (var required in schema.GetProperty("required").EnumerateArray())
        {
            if (!value.TryGetProperty(required.GetString()!, out _))
                return $"{at}/{required} is missing";
        }

        foreach (var member in value.EnumerateObject())
        {
            if (!properties.TryGetProperty(member.Name, out var property))
                return $"{at}/{member.Name} is unknown";
            if (FirstMismatch(document, property, member.Value, $"{at}/{member.Name}") is { } mismatch)
                return mismatch;
        }

        return null;
    }

    private static string?[] TypesOf(JsonElement schema) => schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } types
        ? [.. types.EnumerateArray().Select(type => type.GetString())]
        : [schema.GetProperty("type").GetString()];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => "integer",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
