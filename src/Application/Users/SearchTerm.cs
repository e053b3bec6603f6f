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

    /// <summary>The largest number of trigrams that a search looks for. More would hardly find fewer users.</summary>
    private const int Max = 24;

    /// <summary>All terms of a search text, each once. PostgreSQL has the same definition in users_search_terms.</summary>
    public static IReadOnlyCollection<string> In(string searchText)
    {
        var terms = TrigramsOf(searchText);
        foreach (var line in searchText.Split(SearchText.LineEnd, StringSplitOptions.RemoveEmptyEntries))
            terms.Add(HashOf(line));
        return terms;
    }

    /// <summary>
    /// The terms of all texts that have these parts. A part that is shorter than a trigram stands for all trigrams that start so:
    /// these occur in many texts and are costly to look up, so this is done only for a single part of two characters.
    /// </summary>
    public static IReadOnlyList<SearchTerm> Of(IReadOnlyList<string> parts)
    {
        var trigrams = parts.Where(part => Text.IsLonger(part, TrigramLength - 1)).SelectMany(TrigramsOf)
            .Where(trigram => Text.IsLonger(trigram, TrigramLength - 1)).Distinct().Take(Max).Select(text => new SearchTerm(text));
        var lines = parts.Where(part => part[0] == SearchText.LineEnd)
            .Select(line => new SearchTerm(HashOf(line.Trim(SearchText.LineEnd))));
        SearchTerm[] terms = [.. lines, .. trigrams];
        return terms.Length == 0 && parts is [{ } part] && Text.IsLonger(part, 1) ? [new(part, IsPrefix: true)] : terms;
    }

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
