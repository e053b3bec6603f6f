using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace UserCqrs.Limit;

/// <summary>The service's cursor for a list by id without a filter, so that pages are the same octets.</summary>
internal static class Cursor
{
    private const int IdOffset = 9;

    private static readonly byte[] Template = Make();

    public static string At(long id)
    {
        Span<byte> bytes = stackalloc byte[Template.Length];
        Template.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes[IdOffset..], id);
        return Base64Url.EncodeToString(bytes);
    }

    public static long Read(string cursor) =>
        BinaryPrimitives.ReadInt64BigEndian(Base64Url.DecodeFromChars(cursor).AsSpan(IdOffset));

    private static byte[] Make()
    {
        var bytes = new byte[25];
        bytes[0] = 1;
        SHA256.HashData("UserOrder { By = Id, Descending = False }\n\n\n\n\n"u8).AsSpan(0, 8).CopyTo(bytes.AsSpan(1));
        return bytes;
    }
}
