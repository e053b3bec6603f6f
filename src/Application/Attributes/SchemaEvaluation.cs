using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Json.Schema;
using UserCqrs.Domain;

namespace UserCqrs.Application.Attributes;

/// <summary>Evaluates a schema, and makes violations of the result. The library's messages would repeat values.</summary>
internal sealed class SchemaEvaluation
{
    private const int MaxViolations = AttributesSchema.MaxViolations;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The meter's annotation says which schema an error is from, so annotations stay where there are errors.
    private static readonly EvaluationOptions Full = new()
    {
        OutputFormat = OutputFormat.Hierarchical,
        RequireFormatValidation = true,
        PreserveDroppedAnnotations = true,
        FormatRegistry = BoundedFormat.All,
    };

    // Stops at the first error, and makes no details of what is right.
    private static readonly EvaluationOptions Quick = new()
    {
        OutputFormat = OutputFormat.Flag,
        RequireFormatValidation = true,
        FormatRegistry = BoundedFormat.All,
    };

    private readonly JsonElement _root;
    private readonly HashSet<Violation> _violations = [];

    private SchemaEvaluation(JsonElement root) => _root = root;

    /// <summary>Evaluates a schema that has meters.</summary>
    public static IReadOnlyList<Violation> Run(JsonSchema schema, JsonElement value, (int Steps, int Milliseconds) limit)
    {
        SchemaMeter.Start(limit);
        try
        {
            if (schema.Evaluate(value, Quick).IsValid)
                return [];
            SchemaMeter.Start(limit);
            var evaluation = new SchemaEvaluation(value);
            evaluation.Report(schema.Evaluate(value, Full), "", "");
            if (evaluation._violations.Count == 0)
                evaluation.Add("", "Breaks the schema.");
            return [.. evaluation._violations];
        }
        catch (Exception costly) when (costly is SchemaMeter.TooCostlyException or RegexMatchTimeoutException
            or InsufficientExecutionStackException)
        {
            return [new("attributes.schemaTooCostly", "Checking this against the schema would take too long.")];
        }
        catch (Exception number) when (number is FormatException or OverflowException)
        {
            return [new("attributes.schema", "Has a number that is too large or too small to be compared exactly.")];
        }
    }

    private void Report(EvaluationResults results, string keyword, string path)
    {
        var schema = results.Annotations![""];
        var before = _violations.Count;
        foreach (var broken in results.Errors?.Keys ?? Enumerable.Empty<string>())
            Add(path, broken.Length > 0 ? Explain(broken, schema, path) : $"This {Part(keyword)} is not allowed.");
        foreach (var inner in (results.Details ?? []).GroupBy(child => KeywordOf(child, results)))
        {
            var valid = inner.Count(child => child.IsValid);
            if (inner.Key is "anyOf" or "oneOf" or "not" or "if" or "contains")
            {
                if (inner.Key == "oneOf" ? valid != 1 : inner.Key == "anyOf" ? valid == 0 : inner.Key == "not" && valid > 0)
                    Add(path, Explain(inner.Key, schema, path));
                continue;
            }
            // What broke another keyword counts as unevaluated, although the schema may well allow it.
            if (inner.Key is "unevaluatedItems" or "unevaluatedProperties" && _violations.Count > before)
                continue;
            foreach (var child in inner.Where(child => !child.IsValid).TakeWhile(_ => _violations.Count < MaxViolations))
            {
                var at = path + PathOf(child, results, inner.Key, schema);
                if (inner.Key == "propertyNames")
                    Add(at, $"Has a name that breaks the schema's propertyNames {Text(schema.GetProperty(inner.Key))}.");
                else
                    Report(child, inner.Key.StartsWith('$') ? keyword : inner.Key, at);
            }
        }
    }

    private void Add(string path, string detail)
    {
        if (_violations.Count < MaxViolations)
            _violations.Add(new("attributes.schema", detail, path));
    }

    private static string KeywordOf(EvaluationResults child, EvaluationResults parent) =>
        child.EvaluationPath[parent.EvaluationPath.SegmentCount].ToString();

    // The library counts the items that "items" applies to from 0, even if some are before them.
    private static string PathOf(EvaluationResults child, EvaluationResults parent, string keyword, JsonElement schema)
    {
        var path = child.InstanceLocation.ToString()[parent.InstanceLocation.ToString().Length..];
        return keyword == "items" && schema.TryGetProperty("prefixItems", out var prefix)
            ? $"/{int.Parse(path[1..], null) + prefix.GetArrayLength()}" : path;
    }

    private static string Part(string keyword) =>
        keyword.EndsWith("roperties", StringComparison.Ordinal) ? "member"
        : keyword.EndsWith("tems", StringComparison.Ordinal) ? "item" : "value";

    private string Explain(string keyword, JsonElement schema, string path)
    {
        var rule = schema.GetProperty(keyword);
        var text = Text(rule);
        return keyword switch
        {
            "type" => $"Must be of type {(rule.ValueKind == JsonValueKind.Array
                ? string.Join(" or ", rule.EnumerateArray()) : rule.GetString())}.",
            "const" => $"Must be {text}.",
            "enum" => $"Must be one of {text}.",
            "required" => Lacks(rule.EnumerateArray(), path),
            "dependentRequired" => Lacks(rule.EnumerateObject()
                .Where(member => Instance(path).TryGetProperty(member.Name, out _))
                .SelectMany(member => member.Value.EnumerateArray()), path),
            "minimum" => $"Must be at least {text}.",
            "maximum" => $"Must be at most {text}.",
            "exclusiveMinimum" => $"Must be greater than {text}.",
            "exclusiveMaximum" => $"Must be less than {text}.",
            "multipleOf" => $"Must be a multiple of {text}.",
            "minLength" => $"Must have at least {text} characters.",
            "maxLength" => $"Must have at most {text} characters.",
            "pattern" => $"Must match the pattern {text}.",
            "format" => $"Must be in the format {text}.",
            "minItems" => $"Must have at least {text} items.",
            "maxItems" => $"Must have at most {text} items.",
            "uniqueItems" => "Must not have two equal items.",
            "minProperties" => $"Must have at least {text} members.",
            "maxProperties" => $"Must have at most {text} members.",
            "contains" => "Must have as many items that match contains as the schema demands.",
            "not" => "Must not match the schema of not.",
            "anyOf" => "Must match at least one schema of anyOf.",
            "oneOf" => "Must match exactly one schema of oneOf.",
            _ => $"Breaks the keyword {keyword} of the schema.",
        };
    }

    private string Lacks(IEnumerable<JsonElement> names, string path)
    {
        var instance = Instance(path);
        var missing = names.Select(name => name.GetString()!).Distinct().Where(name => !instance.TryGetProperty(name, out _));
        return $"Lacks the required {string.Join(", ", missing.Select(name => $"'{name}'"))}.";
    }

    private JsonElement Instance(string path) => Json.Pointer.JsonPointer.Parse(path).Evaluate(_root)!.Value;

    private static string Text(JsonElement rule)
    {
        var text = JsonSerializer.Serialize(rule, Readable);
        return text.Length > 500 ? $"{text[..500]}…" : text;
    }

    /// <summary>One of the library's formats, of which some are slow with long texts or throw.</summary>
    private sealed class BoundedFormat(Format format) : Format(format.Key)
    {
        public static readonly FormatRegistry All = Register(
            Formats.Email, Formats.IdnEmail, Formats.Hostname, Formats.IdnHostname, Formats.RelativeJsonPointer);

        public override bool Validate(JsonElement value, out string? errorMessage)
        {
            errorMessage = null;
            // No address is longer (RFC 5321, section 4.5.3.1), and the time is quadratic.
            if (value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 320)
                return false;
            try
            {
                return format.Validate(value, out errorMessage);
            }
            catch (Exception wrong) when (wrong is JsonException or OverflowException or ArgumentException)
            {
                return false;
            }
        }

        private static FormatRegistry Register(params Format[] formats)
        {
            var registry = new FormatRegistry();
            foreach (var format in formats)
                registry.Register(new BoundedFormat(format));
            return registry;
        }
    }
}
