using System.Globalization;
using System.Text;

namespace UserCqrs.Domain;

/// <summary>
/// The text of a user that a search looks through: the name, the e-mail address and the external id, folded (case, accents and
/// width do not matter). Each is a line of its own, and each word in it starts with a mark, so that one substring search can ask
/// for a whole line, for the start of a word, or for any part.
/// </summary>
/// <remarks>
/// A word starts at the start of a line, after white space, and where a letter or digit follows any other character:
/// <c>ann.lee@example.org</c> has four.
/// </remarks>
public static class SearchText
{
    /// <summary>U+0001 stands before each word. No name, address or external id contains control characters.</summary>
    public const char WordMark = '\u0001';

    /// <summary>Separates the lines. Every line has one before and one after it.</summary>
    public const char LineEnd = '\n';

    /// <summary>Makes the text of a user.</summary>
    public static string Of(string name, string email, string? externalId) =>
        externalId is null
            ? $"{LineEnd}{Line(name)}{LineEnd}{Line(email)}{LineEnd}{LineEnd}"
            : $"{LineEnd}{Line(name)}{LineEnd}{Line(email)}{LineEnd}{Line(externalId)}{LineEnd}{LineEnd}";

    /// <summary>Splits what a caller searches for into words: folded, without the mark of the first word.</summary>
    public static string[] WordsOf(string query) =>
        [.. Folding.Fold(query).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Mark)];

    /// <summary>
    /// The line of a user's text that is exactly what a caller searches for, with what stands before and after it.
    /// </summary>
    public static string WholeLine(string query) => $"{LineEnd}{Line(query)}{LineEnd}";

    private static string Line(string text) =>
        string.Join(' ', Folding.Fold(text).Split(' ').Select(static word => WordMark + Mark(word)));

    // Marks the words that start inside the text. What precedes the text does not matter, so a part of a line is marked alike.
    private static string Mark(string text)
    {
        var marked = new StringBuilder(text.Length + 4);
        var isInWord = true;
        foreach (var rune in text.EnumerateRunes())
        {
            var isOfWord = IsOfWord(rune);
            if (isOfWord && !isInWord)
                marked.Append(WordMark);
            marked.Append(rune);
            isInWord = isOfWord;
        }

        return marked.ToString();
    }

    private static bool IsOfWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
