using System.Diagnostics.CodeAnalysis;

namespace UserCqrs.Domain;

/// <summary>
/// What a person is called: trimmed, NFC, 1 to <see cref="MaxLength"/> Unicode scalar values, one of which shows something;
/// no control characters, noncharacters or bidirectional overrides. Never split into parts: names have no general structure.
/// </summary>
public sealed record UserName
{
    /// <summary>The longest name, in Unicode scalar values.</summary>
    public const int MaxLength = 200;

    private const char LeftToRightOverride = '\u202d';
    private const char RightToLeftOverride = '\u202e';

    private UserName(string value) => Value = value;

    /// <summary>The name, trimmed and in NFC.</summary>
    public string Value { get; }

    /// <summary>Reads a name, or says which rule it breaks.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out UserName? name, [NotNullWhen(false)] out Violation? violation)
    {
        name = null;
        violation = null;
        if (!Text.IsInterchangeable(text))
            violation = new("name.malformed", "The name must not hold noncharacters (U+FFFE …) or half of a surrogate pair.");
        else if (Text.TrimAndCompose(text, MaxLength) is not { } value)
            violation = new("name.tooLong", $"The name must have at most {MaxLength} characters.");
        else if (value.Length == 0)
            violation = new("name.empty", $"The name must have 1 to {MaxLength} characters besides white space.");
        else if (value.Any(char.IsControl))
            violation = new("name.controlCharacter", "The name must not hold control characters.");
        else if (value.AsSpan().ContainsAny(LeftToRightOverride, RightToLeftOverride))
            violation = new("name.bidirectionalOverride", "The name must not hold bidirectional overrides (U+202D, U+202E).");
        else if (!value.EnumerateRunes().Any(Text.IsVisible))
            violation = new("name.notVisible", "The name must hold a character that shows something.");
        else
            name = new(value);
        return violation is null;
    }

    /// <summary>Whether a stored name can begin so. The rules may have been others when it was stored.</summary>
    public static bool CanBeginWith(string text) =>
        Text.IsInterchangeable(text)
        && Text.TrimAndCompose(text, MaxLength) is { Length: > 0 } start
        && !start.Any(char.IsControl);

    /// <summary>Reads a name that has been validated.</summary>
    /// <exception cref="FormatException">It breaks a rule.</exception>
    public static UserName Parse(string text) =>
        TryParse(text, out var name, out var violation) ? name : throw new FormatException(violation.Detail);
}
