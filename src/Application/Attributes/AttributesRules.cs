using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Attributes;

/// <summary>The rules for all attributes of a user: those of <see cref="UserAttributes"/>, then those of the schema.</summary>
internal static class AttributesRules
{
    /// <summary>All violations. The schema is checked only if there are no others.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="json">The attributes; <c>null</c> if there are none.</param>
    /// <exception cref="System.Text.Json.JsonException">The text is not a JSON object.</exception>
    public static IReadOnlyList<Violation> CheckAll(this AttributesSchema schema, string? json) =>
        json is null ? schema.Check(UserAttributes.None.Json)
        : UserAttributes.Check(json) is { Count: > 0 } violations ? violations
        : schema.Check(json);

    /// <summary>The violations as the error of a command; <c>null</c> if there are none.</summary>
    public static Error? ErrorIn(this AttributesSchema schema, string? json) =>
        schema.CheckAll(json) is { Count: > 0 } violations
            ? Error.Invalid([.. violations.Select(rule => new InputError("attributes", rule.Code, rule.Detail, rule.Path))])
            : null;
}
