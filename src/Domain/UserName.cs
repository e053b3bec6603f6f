using System.Diagnostics.CodeAnalysis;

namespace UserCqrs.Domain;

/// <summary>
/// What a person is called: trimmed, NFC, 1 to <see cref="MaxLength"/> Unicode scalar values, no control characters.
/// Never split into parts, for names have no general structure.
/// </summary>
public sealed record UserName
{
    /// <summary>The longest name, in Unicode scalar values.</summary>
    public const int MaxLength = 200;

    private UserName(string value) => Value = value;

    /// <summary>The name, trimmed and in NFC.</summary>
    public string Value { get; }

    /// <summary>Reads a name, or says which rule it breaks.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out UserName? name, [NotNullWhen(false)] out Violation? violation)
    {
        name = null;
        violation = null;
        if (!Text.IsWellFormed(text))
            violation = new("name.malformed", "The name holds half of a surrogate pair, which is not Unicode text.");
        else
        {
            var value = Text.TrimAndCompose(text);
            if (value.Length == 0)
                violation = new("name.empty", $"The name must have 1 to {MaxLength} characters besides white space.");
            else if (value.Length > MaxLength && value.EnumerateRunes().Count() > MaxLength)
                violation = new("name.tooLong", $"The name must have at most {MaxLength} characters.");
            else if (value.Any(char.IsControl))
                violation = new("name.controlCharacter", "The name must not hold control characters.");
            else
                name = new(value);
        }

        return violation is null;
    }

    /// <summary>Reads a name that has been validated.</summary>
    /// <exception cref="FormatException">It breaks a rule.</exception>
    public static UserName Parse(string text) =>
        TryParse(text, out var name, out var violation) ? name : throw new FormatException(violation.Detail);
}
