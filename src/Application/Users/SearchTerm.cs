using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// A term of the index of search texts: three characters that follow each other (a trigram), or a short hash of a whole line. The
/// index finds users by the terms of what is searched for; some of them may lack it all the same.
/// </summary>
/// <param name="Value">The term.</param>
/// <param name="IsPrefix">Whether all longer terms that start so are meant too.</param>
public sealed record SearchTerm(string Value, bool IsPrefix = false)
{
    private const int TrigramLength = 3;

    /// <summary>The number of trigrams that a search looks for, unless it has more words. More would find hardly fewer.</summary>
    private const int Enough = 4;

    /// <summary>The letters of names and addresses, roughly from the most to the least frequent.</summary>
    private const string ByFrequency = "eanirosltmdchugpbkyfvwjzxq0123456789";

    /// <summary>
    /// All terms of a search text, with a separator after each. PostgreSQL has the same definition in users_search_terms.
    /// </summary>
    public static string Join(string searchText, char separator)
    {
        var terms = new StringBuilder(5 * searchText.Length); // no collection of terms: every write comes here
        for (var start = 0; start < searchText.Length; start += WidthAt(searchText, start))
        {
            var end = start;
            for (var i = 0; i < TrigramLength && end < searchText.Length; i++)
                end += WidthAt(searchText, end);
            terms.Append(searchText, start, end - start).Append(separator);
        }

        foreach (var line in searchText.Split(SearchText.LineEnd, StringSplitOptions.RemoveEmptyEntries))
            terms.Append(HashOf(line)).Append(separator);
        return terms.ToString();
    }

    /// <summary>
    /// The terms of all texts that have these parts. A part that is shorter than a trigram stands for all trigrams that start so:
    /// these occur in many texts and are costly to look up, so this is done only for a single part of two characters.
    /// </summary>
    public static IReadOnlyList<SearchTerm> Of(IReadOnlyList<string> parts)
    {
        var trigrams = parts.SelectMany(Rarest).Concat(parts.SelectMany(TrigramsOf).Where(IsComplete).OrderByDescending(Rarity))
            .Distinct().Take(Math.Max(Enough, parts.Count)).Select(trigram => new SearchTerm(trigram));
        var lines = parts.Where(part => part[0] == SearchText.LineEnd)
            .Select(line => new SearchTerm(HashOf(line.Trim(SearchText.LineEnd))));
        SearchTerm[] terms = [.. lines, .. trigrams];
        return terms.Length == 0 && parts is [{ } part] && Text.IsLonger(part, 1) ? [new(part, IsPrefix: true)] : terms;
    }

    // The index reads the users of all terms, so it takes longer the more of them are common.
    private static IEnumerable<string> Rarest(string part) =>
        TrigramsOf(part).Where(IsComplete).OrderByDescending(Rarity).Take(1);

    private static int Rarity(string trigram) => trigram.Sum(static character =>
        char.IsLetter(character) || char.IsDigit(character)
            ? (uint)ByFrequency.IndexOf(character, StringComparison.Ordinal) is var at && at < ByFrequency.Length ? (int)at : 40
            : 0);

    private static int WidthAt(string text, int at) => char.IsHighSurrogate(text[at]) ? 2 : 1;

    private static bool IsComplete(string trigram) => Text.IsLonger(trigram, TrigramLength - 1);

    private static HashSet<string> TrigramsOf(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        var trigrams = new HashSet<string>(runes.Length);
        Span<char> buffer = stackalloc char[2 * TrigramLength];
        for (var start = 0; start < runes.Length; start++)
        {
            var length = 0;
            for (var i = start; i < Math.Min(start + TrigramLength, runes.Length); i++)
                length += runes[i].EncodeToUtf16(buffer[length..]);
            trigrams.Add(new(buffer[..length]));
        }

        return trigrams;
    }

    // Four digits, so that there are few terms and each finds one in 65,536 lines.
    [SuppressMessage("Security", "CA5351", Justification = "It protects nothing, and PostgreSQL has it without an extension.")]
    private static string HashOf(string line)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(Encoding.UTF8.GetBytes(line), hash);
        return $"#{Convert.ToHexStringLower(hash[..2])}";
    }
}
