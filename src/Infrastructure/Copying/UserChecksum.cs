using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace UserCqrs.Infrastructure.Copying;

/// <summary>SHA-256 over all columns of users, in the order in which the users are read.</summary>
internal sealed class UserChecksum : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _buffer = new byte[4096];

    public long Count { get; private set; }

    public string Value => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Adds each user to the checksum and passes it on.</summary>
    public async IAsyncEnumerable<object?[]> Of(
        IAsyncEnumerable<object?[]> users,
        Action<long>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var user in users.WithCancellation(cancellationToken))
        {
            Add(user);
            if (Count % 100_000 == 0)
                progress?.Invoke(Count);
            yield return user;
        }
    }

    public void Dispose() => _hash.Dispose();

    private void Add(object?[] user)
    {
        var length = 0;
        foreach (var value in user)
        {
            length = value switch
            {
                null => Append(length, -1L), // no text has this length
                string text => Append(Append(length, text.Length), text), // the length separates the text from the next column
                _ => Append(length, (long)value),
            };
        }

        _hash.AppendData(_buffer.AsSpan(0, length));
        Count++;
    }

    private int Append(int at, long number)
    {
        Reserve(at + sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(at), number);
        return at + sizeof(long);
    }

    private int Append(int at, string text)
    {
        Reserve(at + Encoding.UTF8.GetMaxByteCount(text.Length));
        return at + Encoding.UTF8.GetBytes(text, _buffer.AsSpan(at));
    }

    private void Reserve(int length)
    {
        if (_buffer.Length < length)
            Array.Resize(ref _buffer, length * 2);
    }
}
