using System.Diagnostics.CodeAnalysis;

namespace UserCqrs.Domain;

/// <summary>
/// The caller's own id for a user, such as the id in an HR system: 1 to <see cref="MaxLength"/> Unicode scalar values without
/// control characters. It is opaque: nothing is trimmed or normalized, and case counts.
/// </summary>
public sealed record ExternalId
{
    /// <summary>The maximum length of an external id in Unicode scalar values.</summary>
    public const int MaxLength = 255;

    private ExternalId(string value) => Value = value;

    /// <summary>The id as entered.</summary>
    public string Value { get; }

    /// <summary>Parses an external id, or returns the rule that it breaks.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ExternalId? externalId, [NotNullWhen(false)] out Violation? violation)
    {
        externalId = null;
        violation = null;
        if (Text.HasUnpairedSurrogate(text))
            violation = new("externalId.malformed", "The external id must not contain half of a surrogate pair.");
        else if (text.Length == 0)
            violation = new("externalId.empty", $"The external id must have 1 to {MaxLength} characters.");
        else if (Text.IsLonger(text, MaxLength))
            violation = new("externalId.tooLong", $"The external id must have at most {MaxLength} characters.");
        else if (text.Any(char.IsControl))
            violation = new("externalId.controlCharacter", "The external id must not contain control characters.");
        else
            externalId = new(text);
        return violation is null;
    }

    /// <summary>Parses an external id that has been validated.</summary>
    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public static ExternalId Parse(string text) =>
        TryParse(text, out var externalId, out var violation) ? externalId : throw new FormatException(violation.Detail);
}
