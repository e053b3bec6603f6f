using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace UserCqrs.Application.Changes;

/// <summary>
/// The position of one entry in the log of changes. Encoded, it is opaque to consumers, and holds the version of its format. The
/// fingerprint tells whether the log still has the entry: after a failover or a restore, another entry may have its id.
/// </summary>
/// <param name="Id">The id of the entry.</param>
/// <param name="Fingerprint">A hash of what never changes in the entry.</param>
/// <param name="IsBefore">Whether the position is before the entry, so that the next page has it.</param>
internal readonly record struct ChangeCursor(long Id, long Fingerprint, bool IsBefore = false)
{
    // Layout: the position (1 octet), id (8), fingerprint (8).
    private const byte At = 1;
    private const byte Before = 2;
    private const int IdOffset = 1;
    private const int FingerprintOffset = 9;
    private const int Length = 17;

    /// <summary>The position of an entry, after or before it.</summary>
    public static ChangeCursor Of(ChangeDto change, bool isBefore = false)
    {
        Span<byte> octets = stackalloc byte[3 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(octets, change.UserId);
        BinaryPrimitives.WriteInt64BigEndian(octets[sizeof(long)..], change.Version);
        BinaryPrimitives.WriteInt64BigEndian(octets[(2 * sizeof(long))..], change.At.UtcTicks);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(octets, hash);
        return new(change.Id, BinaryPrimitives.ReadInt64BigEndian(hash), isBefore);
    }

    /// <summary>Encodes the cursor as text.</summary>
    public string Encode()
    {
        Span<byte> octets = stackalloc byte[Length];
        octets[0] = IsBefore ? Before : At;
        BinaryPrimitives.WriteInt64BigEndian(octets[IdOffset..], Id);
        BinaryPrimitives.WriteInt64BigEndian(octets[FingerprintOffset..], Fingerprint);
        return Base64Url.EncodeToString(octets);
    }

    /// <summary>Reads a cursor that has been validated.</summary>
    /// <exception cref="FormatException">The text is no cursor.</exception>
    public static ChangeCursor? Decode(string text) =>
        TryDecode(text, out var cursor) ? cursor : throw new FormatException("The text is no cursor.");

    /// <summary>Reads a cursor. Fails unless <see cref="Encode"/> made it.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out ChangeCursor? cursor)
    {
        cursor = null;
        Span<byte> octets = stackalloc byte[Length];
        if (!Base64Url.IsValid(text, out var length) || length != Length)
            return false;
        Base64Url.DecodeFromChars(text, octets);
        var id = BinaryPrimitives.ReadInt64BigEndian(octets[IdOffset..]);
        if (octets[0] is not (At or Before) || id < 0)
            return false;
        cursor = new(id, BinaryPrimitives.ReadInt64BigEndian(octets[FingerprintOffset..]), octets[0] == Before);
        return true;
    }
}
