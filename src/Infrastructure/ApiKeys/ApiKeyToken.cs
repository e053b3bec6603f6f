using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace UserCqrs.Infrastructure.ApiKeys;

/// <summary>
/// What a caller shows: <c>ucq_</c>, then in base62 an id of 8 characters, which is no secret, 22 that are (131 bits), and a
/// checksum of 6, so that a mistyped or invented one is told from a real one without asking anybody.
/// </summary>
public static class ApiKeyToken
{
    /// <summary>What every token starts with, so that scanners find one that leaked.</summary>
    public const string Prefix = "ucq_";

    /// <summary>How many characters an id has.</summary>
    public const int IdLength = 8;

    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int SecretLength = 22;
    private const int ChecksumLength = 6;
    private const int SignedLength = IdLength + SecretLength;
    private const int Length = 4 + SignedLength + ChecksumLength;

    private static readonly SearchValues<char> Characters = SearchValues.Create(Base62);

    /// <summary>A new one, from the operating system's randomness.</summary>
    public static string Create()
    {
        var random = RandomNumberGenerator.GetString(Base62, SignedLength);
        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(random, checksum);
        return string.Concat(Prefix, random, checksum);
    }

    /// <summary>Whether it can be a token at all.</summary>
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

    /// <summary>SHA-256 of a well-formed token: all that is kept of it. Nobody can guess 131 random bits, so it needs no salt and no slow hash.</summary>
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
