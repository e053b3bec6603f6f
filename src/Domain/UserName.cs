using System.Diagnostics.CodeAnalysis;

namespace UserCqrs.Domain;

/// <summary>
/// The name of a person: trimmed, NFC, 1 to <see cref="MaxLength"/> Unicode scalar values, at least one of them visible; no
/// control characters, noncharacters or bidirectional overrides. It is not split into parts: names have no general structure.
/// </summary>
public sealed record UserName
{
    /// <summary>The maximum length of a name in Unicode scalar values.</summary>
    public const int MaxLength = 200;

    private const char LeftToRightOverride = '\u202d';
    private const char RightToLeftOverride = '\u202e';

    private UserName(string value) => Value = value;

    /// <summary>The name, trimmed and in NFC.</summary>
    public string Value { get; }

    /// <summary>Parses a name, or returns the rule that it breaks.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out UserName? name, [NotNullWhen(false)] out Violation? violation)
    {
        name = null;
        violation = null;
        if (!Text.IsInterchangeable(text))
            violation = new("name.malformed", "The name must not contain noncharacters (U+FFFE …) or half of a surrogate pair.");
        else if (Text.TrimAndCompose(text, MaxLength) is not { } value)
            violation = new("name.tooLong", $"The name must have at most {MaxLength} characters.");
        else if (value.Length == 0)
            violation = new("name.empty", $"The name must have 1 to {MaxLength} characters, not counting white space around it.");
        else if (value.Any(char.IsControl))
            violation = new("name.controlCharacter", "The name must not contain control characters.");
        else if (value.AsSpan().ContainsAny(LeftToRightOverride, RightToLeftOverride))
            violation = new("name.bidirectionalOverride", "The name must not contain bidirectional overrides (U+202D, U+202E).");
        else if (!value.EnumerateRunes().Any(Text.IsVisible))
            violation = new("name.notVisible", "The name must have at least one visible character.");
        else
            name = new(value);
        return violation is null;
    }

    /// <summary>
    /// Whether a stored name can begin with this text. Only some rules apply: names may be older than the others.
    /// </summary>
    public static bool CanBeginWith(string text) =>
        Text.IsInterchangeable(text)
        && Text.TrimAndCompose(text, MaxLength) is { Length: > 0 } start
        && !start.Any(char.IsControl);

    /// <summary>Parses a name that has been validated.</summary>
    /// <exception cref="FormatException">The text breaks a rule.</exception>
    public static UserName Parse(string text) =>
        TryParse(text, out var name, out var violation) ? name : throw new FormatException(violation.Detail);
}
