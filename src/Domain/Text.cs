using System.Text;

namespace UserCqrs.Domain;

/// <summary>What names and e-mail addresses have in common: trimmed, and in Unicode's composed form.</summary>
public static class Text
{
    /// <summary>Whether every UTF-16 surrogate of the text has its other half.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return false;
            text = text[consumed..];
        }

        return true;
    }

    /// <summary>Trims white space and composes to NFC (Unicode Standard Annex #15). The text must be well-formed.</summary>
    public static string TrimAndCompose(string text)
    {
        var trimmed = text.Trim();
        return Ascii.IsValid(trimmed) ? trimmed : trimmed.Normalize(NormalizationForm.FormC);
    }
}
