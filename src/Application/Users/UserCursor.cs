using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace UserCqrs.Application.Users;

/// <summary>
/// The position of one user in a list: its sort key and id. Encoded, it is opaque to consumers, holds the version of its format,
/// and is bound to the sort and filters of its list.
/// </summary>
internal sealed record UserCursor(long Id, string Text, DateTimeOffset Time)
{
    // Layout: version (1 octet), binding (8), id (8), time in UTC ticks (8), text in UTF-8 (the rest).
    private const byte FormatVersion = 1;
    private const int BindingOffset = 1;
    private const int IdOffset = 9;
    private const int TimeOffset = 17;
    private const int TextOffset = 25;

    /// <summary>The position of a user in a list of this order.</summary>
    public static UserCursor At(UserDto user, UserOrder order) => order.By switch
    {
        UserSort.Name => new(user.Id, user.Name, default),
        UserSort.Email => new(user.Id, user.EmailKey!, default),
        UserSort.CreatedAt => new(user.Id, "", user.CreatedAt),
        UserSort.UpdatedAt => new(user.Id, "", user.UpdatedAt),
        _ => new(user.Id, "", default),
    };

    /// <summary>The position of a user in the result of a search: the text is the rank.</summary>
    public static UserCursor At(long id, int rank) => new(id, $"{rank}", default);

    /// <summary>The rank of a position in the result of a search.</summary>
    public int Rank => Text is [>= '0' and <= '2'] ? Text[0] - '0' : 0;

    /// <summary>Encodes the cursor as text for the consumer of this list.</summary>
    public string Encode(ListUsers list)
    {
        var bytes = new byte[TextOffset + Encoding.UTF8.GetByteCount(Text)];
        bytes[0] = FormatVersion;
        Binding(list).CopyTo(bytes, BindingOffset);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(IdOffset), Id);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeOffset), Time.UtcTicks);
        Encoding.UTF8.GetBytes(Text, bytes.AsSpan(TextOffset));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a cursor. Fails unless <see cref="Encode"/> made it for a list with the same sort and filters.</summary>
    public static bool TryDecode(string text, ListUsers list, [NotNullWhen(true)] out UserCursor? cursor)
    {
        cursor = null;
        if (!Base64Url.IsValid(text))
            return false;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < TextOffset || bytes[0] != FormatVersion
            || !bytes.AsSpan(BindingOffset, IdOffset - BindingOffset).SequenceEqual(Binding(list)))
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(TimeOffset));
        var key = bytes.AsSpan(TextOffset);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks || !Utf8.IsValid(key) || key.Contains((byte)0))
            return false;
        var id = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(IdOffset));
        cursor = new(id, Encoding.UTF8.GetString(key), new(ticks, TimeSpan.Zero));
        return true;
    }

    /// <summary>Reads a cursor that has been validated.</summary>
    /// <exception cref="FormatException">The cursor does not belong to this list.</exception>
    public static UserCursor Decode(string text, ListUsers list) =>
        TryDecode(text, list, out var cursor) ? cursor : throw new FormatException("The cursor does not belong to this list.");

    private static byte[] Binding(ListUsers list) =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes($"{list.Order}\n{list.Filter.Canonical()}{Searched(list)}"))[..(IdOffset - BindingOffset)];

    private static string Searched(ListUsers list) => list.Search is null ? "" : $"\nq={list.Search}"; // old cursors stay valid
}
