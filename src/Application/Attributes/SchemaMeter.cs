using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Json.Schema;
using Json.Schema.Keywords;

namespace UserCqrs.Application.Attributes;

/// <summary>
/// A keyword that is added to each schema and subschema, so that the evaluation stops when it becomes too long or too deep.
/// JsonSchema.Net bounds neither.
/// </summary>
internal sealed class SchemaMeter : IKeywordHandler
{
    // A step takes about a microsecond. Other writes may wait for a check; usual attributes take 100 steps.
    public static readonly (int Steps, int Milliseconds) OfCheck = (40_000, 1_000);

    private static readonly JsonElement Empty = JsonElement.Parse("{}");
    private static readonly SchemaMeter Instance = new();

    [ThreadStatic]
    private static (long Steps, long Deadline) _left;

    // Never the name of another keyword: SchemaMeter removes those that the standard does not define.
    public string Name => "";

    /// <summary>Sets what the evaluations of this thread may take from now on.</summary>
    public static void Start((int Steps, int Milliseconds) limit) =>
        _left = (limit.Steps, Stopwatch.GetTimestamp() + (limit.Milliseconds * Stopwatch.Frequency / 1000));

    /// <summary>Adds the meter to a schema, and not to its subschemas.</summary>
    public static void AddTo(JsonSchemaNode node)
    {
        var keywords = node.Keywords.Where(keyword => keyword.Handler is not AnnotationKeyword).ToList();
        var isPattern = keywords.Exists(keyword => keyword.Handler is PatternKeyword or PatternPropertiesKeyword);
        var isSlow = keywords.Exists(keyword => keyword.Handler is UniqueItemsKeyword or MultipleOfKeyword or FormatKeyword);
        var size = Size(node) + (isSlow ? 1024 : 0);
        var meter = NewKeyword(default);
        SetHandler(meter, Instance);
        meter.Value = new Load(node.Source, 3 + (2 * keywords.Count) + (size / 64), size, isPattern);
        SetKeywords(node, [meter, .. keywords]);
        if (node.Source.ValueKind != JsonValueKind.Object)
            SetSource(node, Empty); // The library evaluates no keywords of true and false, so the meter takes their place.
    }

    public static bool IsIn(JsonSchemaNode node) => node.Keywords is [{ Handler: SchemaMeter }, ..];

    public object? ValidateKeywordValue(JsonElement value) => null;

    public void BuildSubschemas(KeywordData keyword, BuildContext context)
    {
    }

    public KeywordEvaluation Evaluate(KeywordData keyword, EvaluationContext context)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var load = (Load)keyword.Value!;
        var length = (long)JsonMarshal.GetRawUtf8Value(context.Instance).Length;
        _left.Steps -= load.Steps + (load.Size * length / 4096) + (context.EvaluationPath.SegmentCount / 16);
        if (_left.Steps < 0 || (load.IsPattern && Stopwatch.GetTimestamp() > _left.Deadline))
            throw new TooCostlyException();
        var isFalse = load.Source.ValueKind == JsonValueKind.False;
        return new() { Keyword = Name, IsValid = !isFalse, Annotation = load.Source, Error = isFalse ? "" : null };
    }

    // The length of the schema without its subschemas, which have meters of their own.
    private static int Size(JsonSchemaNode node)
    {
        var inner = node.Keywords.Where(keyword => keyword.Handler is not (RefKeyword or DynamicRefKeyword));
        return Length(node.Source) - inner.Sum(keyword => keyword.Subschemas.Sum(child => Length(child.Source)));

        static int Length(JsonElement schema) => JsonMarshal.GetRawUtf8Value(schema).Length;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern KeywordData NewKeyword(BuildContext context);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Handler")]
    private static extern void SetHandler(KeywordData keyword, IKeywordHandler handler);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Keywords")]
    private static extern void SetKeywords(JsonSchemaNode node, KeywordData[] keywords);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Source")]
    private static extern void SetSource(JsonSchemaNode node, JsonElement source);

    public sealed class TooCostlyException : Exception;

    private sealed record Load(JsonElement Source, int Steps, int Size, bool IsPattern);
}
