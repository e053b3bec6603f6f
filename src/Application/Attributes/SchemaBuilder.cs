using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Json.Schema.Keywords;
using UserCqrs.Domain;

namespace UserCqrs.Application.Attributes;

/// <summary>Builds a schema whose evaluation has bounds, or refuses it.</summary>
internal sealed class SchemaBuilder(bool isMetaSchema)
{
    // An operator waits for it once.
    private static readonly (int Steps, int Milliseconds) OfBuild = (int.MaxValue, 60_000);

    private static readonly string[] InPlace =
        ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];

    private readonly Dictionary<JsonSchemaNode, string> _places = [];
    private readonly Queue<(JsonSchemaNode Target, string Place)> _references = [];
    private readonly List<(JsonSchemaNode Node, KeywordData Reference, string Place)> _unresolved = [];
    private readonly List<(string Place, IKeywordHandler Keyword)> _escaped = [];
    private readonly HashSet<JsonSchemaNode> _withoutLoop = [];

    /// <summary>Builds a schema.</summary>
    /// <exception cref="FormatException">One sentence that says why the schema cannot be used.</exception>
    public static JsonSchema Build(string json)
    {
        try
        {
            var document = JsonElement.Parse(json);
            RequireDialect(document, "");
            var ordered = JsonSerializer.SerializeToElement(Reorder(document, ""));
            RequireValid(ordered, "");
            // Registries of its own keep two schemas with the same $id apart. Like the global ones, they fetch nothing.
            var options = new BuildOptions
            {
                Dialect = Dialect.Draft202012,
                SchemaRegistry = new(),
                DialectRegistry = new(),
                VocabularyRegistry = new(),
            };
            // The library has only one instance of true and one of false, which must not be changed.
            var isObject = ordered.ValueKind == JsonValueKind.Object;
            var root = isObject ? ordered : JsonElement.Parse($$"""{"allOf":[{{ordered.GetRawText()}}]}""");
            var schema = JsonSchema.Build(root, options);
            new SchemaBuilder(isMetaSchema: false).Bound(schema.Root);
            return schema;
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"The schema is not JSON: {wrong.Message}", wrong);
        }
        catch (Exception wrong) when (wrong is JsonSchemaException or ArgumentException or UriFormatException)
        {
            var reason = wrong.Message.Split(". ")[0].TrimEnd('.').Replace("Cycle detected starting", "a reference loop starts");
            throw new FormatException($"The schema cannot be used: {reason}.", wrong);
        }
    }

    private static void RequireDialect(JsonElement schema, string place)
    {
        var known = MetaSchemas.Draft202012Id.OriginalString;
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$schema", out var dialect)
            && dialect.ValueKind == JsonValueKind.String && dialect.GetString()!.TrimEnd('#') != known)
        {
            throw new FormatException(
                $"{At(place)}the schema is of the dialect '{dialect.GetString()}'; only '{known}' is supported.");
        }
    }

    private static void RequireValid(JsonElement schema, string place)
    {
        if (SchemaEvaluation.Run(MetaSchema.Bounded, schema, OfBuild) is [var first, ..])
            throw new FormatException($"{At(place + first.Path)}the schema is not valid: {first.Detail}");
    }

    // The library resolves what stands before $id in the text against the wrong base.
    private static JsonNode? Reorder(JsonElement value, string place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return new JsonObject(value.EnumerateObject().OrderBy(member => member.Name != "$id").Select(member =>
                    KeyValuePair.Create(member.Name, Reorder(member.Value, $"{place}/{JsonPointer.Escape(member.Name)}"))));
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select((item, index) => Reorder(item, $"{place}/{index}"))]);
            case JsonValueKind.Number when value.GetRawText().Length > 100 || !double.IsFinite(value.GetDouble())
                || (value.GetDouble() == 0 && value.GetRawText().Split('e', 'E')[0].AsSpan().ContainsAnyInRange('1', '9')):
                throw new FormatException(
                    $"{At(place)}the number is not within the range of a double, or has more than 100 characters.");
            default:
                return JsonValue.Create(value);
        }
    }

    public static string At(string place) => place.Length == 0 ? "At the top, " : $"At {place}, ";

    private void Bound(JsonSchemaNode root)
    {
        Visit(root, "");
        // Only now: the place of a schema is where it stands, not where it is referenced.
        while (_references.TryDequeue(out var next))
        {
            if (_places.ContainsKey(next.Target) || SchemaMeter.IsIn(next.Target))
                continue;
            if (!isMetaSchema)
                RequireValid(next.Target.Source, next.Place);
            Visit(next.Target, next.Place);
        }
        foreach (var (node, reference, place) in _unresolved)
            RequireResolved(node, reference, place);
        RequireNoEscapes();
        foreach (var node in _places.Keys)
            RequireNoLoop(node, []);
        foreach (var node in _places.Keys)
            SchemaMeter.AddTo(node);
    }

    private void Visit(JsonSchemaNode node, string place)
    {
        if (!_places.TryAdd(node, place))
            return;
        RequireDialect(node.Source, place);
        foreach (var keyword in node.Keywords)
        {
            var at = $"{place}/{keyword.Handler.Name}";
            switch (keyword.Handler)
            {
                case RefKeyword or DynamicRefKeyword when keyword.Subschemas is [var target] && MayLeadTo(target):
                    _references.Enqueue((target, Uri.UnescapeDataString(keyword.RawValue.GetString()!.Split('#')[^1])));
                    continue;
                case RefKeyword or DynamicRefKeyword:
                    _unresolved.Add((node, keyword, at));
                    continue;
                case PatternKeyword:
                    keyword.Value = SchemaPattern.ToRegex(keyword.RawValue.GetString()!, at);
                    break;
                case PatternPropertiesKeyword:
                    // The library looks up what the pointer to the subschema ends with.
                    keyword.Value = keyword.RawValue.EnumerateObject()
                        .ToDictionary(
                            pattern => JsonPointer.Escape(pattern.Name), pattern => SchemaPattern.ToRegex(pattern.Name, at));
                    break;
            }
            foreach (var child in keyword.Subschemas)
            {
                var childAt = $"{at}{child.RelativePath}";
                if (keyword.Handler is DependentSchemasKeyword or PropertiesKeyword && childAt[at.Length..].Contains('~'))
                    _escaped.Add((childAt, keyword.Handler));
                Visit(child, childAt);
            }
        }
    }

    // The library takes dependentSchemas, and properties if unevaluatedProperties asks for them, by their names in a pointer.
    private void RequireNoEscapes()
    {
        var isUnevaluated = _places.Keys.SelectMany(node => node.Keywords)
            .Any(keyword => keyword.Handler is UnevaluatedPropertiesKeyword);
        if (_escaped.Find(name => isUnevaluated || name.Keyword is DependentSchemasKeyword) is (string place, _))
        {
            throw new FormatException($"{At(place)}the name has a '/' or a '~', which is not supported in dependentSchemas, "
                + "and in properties not together with unevaluatedProperties.");
        }
    }

    // The library knows the meta-schemas of other dialects too.
    private bool MayLeadTo(JsonSchemaNode target) => isMetaSchema || SchemaMeter.IsIn(target)
        || target.BaseUri.Host != MetaSchemas.Draft202012Id.Host || target.Source.ValueKind != JsonValueKind.Object;

    // The library finds the target of a reference to a $dynamicAnchor only at the evaluation, in the resources that it is in.
    private void RequireResolved(JsonSchemaNode node, KeywordData reference, string place)
    {
        if (!Dynamic(reference).Any(target => target.BaseUri == node.BaseUri))
        {
            throw new FormatException($"{At(place)}the reference '{reference.RawValue}' leads to nothing in the schema; "
                + "other documents are never loaded.");
        }
    }

    private IEnumerable<JsonSchemaNode> Dynamic(KeywordData reference) =>
        reference.Handler is DynamicRefKeyword && reference.Subschemas.Length == 0
            ? _places.Keys.Where(node => node.Keywords.Any(keyword => keyword.Handler is DynamicAnchorKeyword
                && "#" + keyword.RawValue.GetString() == reference.RawValue.GetString()))
            : [];

    // A schema that leads back to itself for the same value would never end.
    private void RequireNoLoop(JsonSchemaNode node, HashSet<JsonSchemaNode> outer)
    {
        if (_withoutLoop.Contains(node) || !_places.TryGetValue(node, out var place))
            return;
        if (!outer.Add(node))
            throw new FormatException($"{At(place)}a reference loop leads back to the same schema for the same value.");
        foreach (var keyword in node.Keywords.Where(keyword => InPlace.Contains(keyword.Handler.Name)))
        {
            foreach (var inner in keyword.Subschemas.Concat(Dynamic(keyword)))
                RequireNoLoop(inner, outer);
        }
        outer.Remove(node);
        _withoutLoop.Add(node);
    }

    // Read once, and only by a service that has a schema.
    private static class MetaSchema
    {
        public static readonly JsonSchema Bounded = Bound();

        private static JsonSchema Bound()
        {
            new SchemaBuilder(isMetaSchema: true).Bound(MetaSchemas.Draft202012.Root);
            return MetaSchemas.Draft202012;
        }
    }
}
