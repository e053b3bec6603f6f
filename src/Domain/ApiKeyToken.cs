using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace UserCqrs.Domain;

/// <summary>
/// The token of an API key: <c>ucq_</c>, then in base62 an id of 8 characters, which is not secret, 22 secret characters (131
/// bits), and a checksum of 6 characters, by which a mistyped or invented token is recognised offline.
/// </summary>
public static class ApiKeyToken
{
    /// <summary>The prefix of every token, by which scanners find leaked tokens.</summary>
    public const string Prefix = "ucq_";

    /// <summary>The length of an id in characters.</summary>
    public const int IdLength = 8;

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 22;
    private const int ChecksumLength = 6;
    private const int SignedLength = IdLength + SecretLength;
    private const int Length = 4 + SignedLength + ChecksumLength;

    private static readonly SearchValues<char> Characters = SearchValues.Create(Base62);

    /// <summary>Creates a token from the operating system's random numbers.</summary>
    public static string Create()
    {
        var random = RandomNumberGenerator.GetString(Base62, SignedLength);
        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(random, checksum);
        return string.Concat(Prefix, random, checksum);
    }

    /// <summary>Whether the text has the form of a token and a correct checksum.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> token)
    {
        if (token.Length != Length || !token.StartsWith(Prefix) || token[Prefix.Length..].ContainsAnyExcept(Characters))
            return false;
        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(token.Slice(Prefix.Length, SignedLength), checksum);
        return token.EndsWith(checksum);
    }

    /// <summary>The id in a well-formed token.</summary>
    public static ReadOnlySpan<char> IdOf(ReadOnlySpan<char> token) => token.Slice(Prefix.Length, IdLength);

    /// <summary>
    /// Computes the SHA-256 of a well-formed token; nothing else of it is stored. 131 random bits cannot be guessed, so the
    /// hash needs no salt and need not be slow.
    /// </summary>
    public static void Hash(ReadOnlySpan<char> token, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[Length];
        Encoding.ASCII.GetBytes(token, ascii);
        SHA256.HashData(ascii, hash);
    }

    // CRC-32C (RFC 3720 appendix B.4)
    private static void WriteChecksum(ReadOnlySpan<char> text, Span<char> checksum)
    {
        var crc = uint.MaxValue;
        foreach (var character in text)
            crc = BitOperations.Crc32C(crc, (byte)character);
        crc = ~crc;
        for (var i = checksum.Length - 1; i >= 0; i--, crc /= 62)
            checksum[i] = Base62[(int)(crc % 62)];
    }
}
