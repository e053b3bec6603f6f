using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace UserCqrs.Domain;

/// <summary>
/// Folds text, so that a search finds it without regard to case, accents or width. The result does not depend on a database.
/// </summary>
internal static class Folding
{
    // Letters that have no decomposition, in lower case, with their replacements in PostgreSQL's unaccent.rules; and the
    // apostrophes and dashes of the same file, which people rarely type as they are stored.
    private const string Rules = """
        ß:ss æ:ae ð:d ø:o þ:th đ:d ħ:h ı:i ĸ:q ł:l ŋ:n œ:oe ŧ:t ƀ:b ƃ:b ƈ:c ƌ:d ƒ:f ƕ:hv ƙ:k ƚ:l ƞ:n ƣ:oi ƥ:p ƫ:t ƭ:t
        ƴ:y ƶ:z ǥ:g ȡ:d ȥ:z ȴ:l ȵ:n ȶ:t ȷ:j ȸ:db ȹ:qp ȼ:c ȿ:s ɀ:z ɇ:e ɉ:j ɍ:r ɏ:y ɓ:b ɕ:c ɖ:d ɗ:d ɛ:e ɟ:j ɠ:g ɡ:g ɢ:g
        ɦ:h ɧ:h ɨ:i ɩ:i ɪ:i ɫ:l ɬ:l ɭ:l ɱ:m ɲ:n ɳ:n ɴ:n ɶ:oe ɼ:r ɽ:r ɾ:r ʀ:r ʂ:s ʈ:t ʉ:u ʋ:v ʏ:y ʐ:z ʑ:z ʙ:b ʛ:g ʜ:h
        ʝ:j ʟ:l ʠ:q ʣ:dz ʥ:dz ʦ:ts ʪ:ls ʫ:lz ʹ:' ʺ:" ʻ:' ʼ:' ʽ:' ᴀ:a ᴁ:ae ᴃ:b ᴄ:c ᴅ:d ᴆ:d ᴇ:e ᴊ:j ᴋ:k ᴌ:l ᴍ:m ᴏ:o ᴘ:p
        ᴛ:t ᴜ:u ᴠ:v ᴡ:w ᴢ:z ᵫ:ue ᵬ:b ᵭ:d ᵮ:f ᵯ:m ᵰ:n ᵱ:p ᵲ:r ᵳ:r ᵴ:s ᵵ:t ᵶ:z ᵺ:th ᵻ:i ᵽ:p ᵾ:u ᶀ:b ᶁ:d ᶂ:f ᶃ:g ᶄ:k ᶅ:l
        ᶆ:m ᶇ:n ᶈ:p ᶉ:r ᶊ:s ᶌ:v ᶍ:x ᶎ:z ᶏ:a ᶑ:d ᶒ:e ᶓ:e ᶖ:i ᶙ:u ẜ:s ẝ:s ỻ:ll ỽ:v ỿ:y ⱡ:l ⱥ:a ⱦ:t ⱨ:h ⱪ:k ⱬ:z ⱱ:v ⱳ:w
        ⱴ:v ⱸ:e ⱺ:o ꜰ:f ꜱ:s ꜳ:aa ꜵ:ao ꜷ:au ꜹ:av ꜻ:av ꜽ:ay ꝁ:k ꝃ:k ꝅ:k ꝇ:l ꝉ:l ꝋ:o ꝍ:o ꝏ:oo ꝑ:p ꝓ:p ꝕ:p ꝗ:q ꝙ:q ꝟ:v
        ꝡ:vy ꝥ:th ꝧ:th ꝱ:d ꝲ:l ꝳ:m ꝴ:n ꝵ:r ꝶ:r ꝷ:t ꝺ:d ꝼ:f ꞇ:t ꞑ:n ꞓ:c ꞡ:g ꞣ:k ꞥ:n ꞧ:r ꞩ:s ‘:' ’:' ‛:' ‐:- ‑:- ‒:- –:-
        —:- −:-
        """;

    private static readonly FrozenDictionary<Rune, string> Replacements = Rules
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Select(static rule => rule.Split(':', 2))
        .ToFrozenDictionary(static rule => Rune.GetRuneAt(rule[0], 0), static rule => rule[1]);

    /// <summary>
    /// Folds text: NFKD, without accents and characters that are never visible, in lower case, composed again (NFC). White space
    /// of any kind and length becomes one space, and is trimmed.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in Normalizable(text).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)); // by way of upper case, so that ς becomes σ
            if (Rune.IsWhiteSpace(rune))
                folded.Append(folded.Length > 0 && folded[^1] != ' ' ? " " : "");
            else if (Replacements.TryGetValue(lower, out var replacement))
                folded.Append(replacement);
            else if (!IsAccent(rune) && !Text.IsDefaultIgnorable(rune))
                folded.Append(lower);
        }

        return folded.ToString().TrimEnd(' ').Normalize(NormalizationForm.FormC);
    }

    // .NET does not normalize noncharacters, which external ids may contain.
    private static string Normalizable(string text) => Text.IsInterchangeable(text)
        ? text
        : string.Concat(text.EnumerateRunes().Where(rune => Text.IsInterchangeable(rune.ToString())));

    // The nonspacing marks of Latin, Greek, Cyrillic, Hebrew and Arabic, and those of no script. In other scripts, marks are
    // vowels or change the consonant: か and が are different letters.
    private static bool IsAccent(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        && rune.Value is < 0x0700 or >= 0x1AB0 and <= 0x1AFF or >= 0x1DC0 and <= 0x1DFF or >= 0x20D0 and <= 0x20FF
            or >= 0xFE20 and <= 0xFE2F;
}
