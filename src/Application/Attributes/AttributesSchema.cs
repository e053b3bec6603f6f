using System.Text.Json;
using Json.Schema;
using UserCqrs.Domain;

namespace UserCqrs.Application.Attributes;

/// <summary>
/// The operator's rules for <c>attributes</c>: a JSON Schema 2020-12 of at most <see cref="MaxLength"/> characters.
/// One instance serves all threads.
/// </summary>
/// <remarks>
/// <c>format</c> is checked, because an operator who writes <c>"format": "date"</c> expects it; the standard's default is not to.
/// Formats that the standard does not define are ignored. Regular expressions are those of .NET, but without lookarounds,
/// backreferences and atomic groups, whose time has no bound. <c>$</c> matches only at the end, and <c>\d</c> and <c>\w</c>
/// only ASCII.
/// Nothing is read from the network or the disk: a reference leads to a place in the schema or to its meta-schema.
/// </remarks>
public sealed class AttributesSchema
{
    /// <summary>The most characters that a schema may have: 65,536.</summary>
    public const int MaxLength = 65_536;

    /// <summary>The most violations that <see cref="Check"/> returns: 100.</summary>
    public const int MaxViolations = 100;

    /// <summary>No rules: every value is valid.</summary>
    public static readonly AttributesSchema None = new(null);

    private readonly JsonSchema? _schema;

    private AttributesSchema(JsonSchema? schema) => _schema = schema;

    /// <summary>Reads a schema and finds everything in it that would keep <see cref="Check"/> from working.</summary>
    /// <param name="json">The JSON text of the schema. Without <c>$schema</c> it is a 2020-12 schema.</param>
    /// <returns>The schema, ready to check attributes.</returns>
    /// <exception cref="FormatException">
    /// One sentence that says what is wrong: the text is too long or not JSON, the schema is of another dialect or not valid, a
    /// reference leads nowhere or in a loop, a regular expression is invalid or uses a construct whose time has no bound, or a
    /// number is not within the range of a double.
    /// </exception>
    public static AttributesSchema Parse(string json) => json.Length <= MaxLength
        ? new(SchemaBuilder.Build(json))
        : throw new FormatException($"The schema has {json.Length} characters; at most {MaxLength} are allowed.");

    /// <summary>Checks attributes and reports everything that is wrong with them, up to <see cref="MaxViolations"/>.</summary>
    /// <param name="attributes">
    /// Valid JSON. All its numbers are within the range of a double, and none but zero is so small that a double would be 0: with
    /// such a number, the library might end the process.
    /// </param>
    /// <returns>
    /// One violation for each error, without duplicates. The code is <c>attributes.schema</c>, and the path names the wrong
    /// value, or the object that lacks a required member. The detail repeats names and what the schema demands, but no value.
    /// If the check would take too long, the only violation is <c>attributes.schemaTooCostly</c>. The bound is a number of steps,
    /// so the same attributes have the same result; only regular expressions are bounded by time, a second a check.
    /// </returns>
    public IReadOnlyList<Violation> Check(string attributes) =>
        _schema is null ? [] : SchemaEvaluation.Run(_schema, JsonElement.Parse(attributes), SchemaMeter.OfCheck);
}
