using System.Buffers;
using System.Text;

namespace UserCqrs.Domain;

/// <summary>Rules for Unicode text that names and e-mail addresses share.</summary>
public static class Text
{
    // No scalar value decomposes canonically into more than 4 (Unicode Standard Annex #15, "Maximum Expansion Factor").
    private const int MaxDecomposition = 4;

    // Default_Ignorable_Code_Point of DerivedCoreProperties.txt, Unicode 17.0 (the same since 14.0): 4,174 code points that
    // renderers do not show. .NET does not provide this property. Each pair is the first and the last code point of a range.
    private static readonly int[] DefaultIgnorable =
    [
        0x00AD, 0x00AD, 0x034F, 0x034F, 0x061C, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x200B, 0x200F,
        0x202A, 0x202E, 0x2060, 0x206F, 0x3164, 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFEFF, 0xFFA0, 0xFFA0, 0xFFF0, 0xFFF8,
        0x1BCA0, 0x1BCA3, 0x1D173, 0x1D17A, 0xE0000, 0xE0FFF,
    ];

    /// <summary>
    /// Whether the text may be interchanged: all surrogates are paired, and there is no noncharacter. Noncharacters (U+FDD0 to
    /// U+FDEF, and the last two code points of each plane, such as U+FFFE) are reserved for use inside a program.
    /// </summary>
    public static bool IsInterchangeable(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done
                || rune.Value is >= 0xFDD0 and <= 0xFDEF || (rune.Value & 0xFFFE) == 0xFFFE)
                return false;
            text = text[consumed..];
        }

        return true;
    }

    /// <summary>Whether the text has half of a surrogate pair, so that it cannot be encoded as UTF-8.</summary>
    public static bool HasUnpairedSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Trims white space and composes to NFC (Unicode Standard Annex #15). Returns <c>null</c> if the result is longer than
    /// <paramref name="maxLength"/>.
    /// </summary>
    /// <remarks>
    /// The time to compose a run of combining marks grows with the square of its length, so text that cannot fit is not composed.
    /// </remarks>
    /// <param name="text">Text for which <see cref="IsInterchangeable"/> is true.</param>
    /// <param name="maxLength">The maximum length in scalar values.</param>
    public static string? TrimAndCompose(string text, int maxLength)
    {
        var trimmed = text.Trim();
        if (!Ascii.IsValid(trimmed) && !IsLonger(trimmed, MaxDecomposition * maxLength))
            trimmed = trimmed.Normalize(NormalizationForm.FormC);
        return IsLonger(trimmed, maxLength) ? null : trimmed;
    }

    /// <summary>Whether the character is visible: not white space, not default-ignorable and not blank.</summary>
    public static bool IsVisible(Rune character) =>
        !Rune.IsWhiteSpace(character) && !IsBlank(character.Value) && !IsDefaultIgnorable(character);

    /// <summary>Whether renderers do not show the character (Default_Ignorable_Code_Point).</summary>
    public static bool IsDefaultIgnorable(Rune character)
    {
        var at = Array.BinarySearch(DefaultIgnorable, character.Value);
        return at >= 0 || ~at % 2 == 1; // the start or the end of a range, or inside one
    }

    // Their properties say letter or symbol, but their names say blank: a Braille pattern and two hieroglyphs.
    private static bool IsBlank(int codePoint) => codePoint is 0x2800 or 0x13441 or 0x13442;

    /// <summary>Whether the text has more than <paramref name="maxLength"/> scalar values.</summary>
    public static bool IsLonger(string text, int maxLength) =>
        text.Length > maxLength && text.EnumerateRunes().Skip(maxLength).Any();
}
