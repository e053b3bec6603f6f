using Microsoft.Extensions.Options;
using UserCqrs.Web.Hosting;

namespace UserCqrs.Web.Http;

/// <summary>
/// Sends response bodies that do not fit the connection's buffer, and bounds the memory of those that clients do not read: by
/// their rate (<see cref="LimitsOptions.ResponseBytesPerSecond"/>), by the time of their request
/// (<see cref="LimitsOptions.RequestSeconds"/>) and all together (<see cref="LimitsOptions.UnreadMegabytes"/>).
/// </summary>
internal sealed class UnreadResponses(IOptions<LimitsOptions> options)
{
    /// <summary>
    /// How many bytes are written at once. Kestrel copies all of one write into its buffer, and gives a client time in proportion.
    /// </summary>
    public const int Slice = 16 * 1024;

    private readonly long _maxBytes = options.Value.UnreadMegabytes * 1024L * 1024;
    private readonly LinkedList<(HttpContext Context, int Bytes)> _unread = []; // in the order in which they began
    private readonly Lock _lock = new();
    private long _bytes;

    /// <summary>Completes when the body is sent, or when the client is gone or disconnected.</summary>
    public async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var mine = Add(context, body.Length);
        try
        {
            await using var bound = context.RequestAborted.Register(static state => ((HttpContext)state!).Abort(), context);
            while (body.Length > 0 && !context.RequestAborted.IsCancellationRequested)
            {
                var slice = body[..Math.Min(Slice, body.Length)];
                await context.Response.Body.WriteAsync(slice, CancellationToken.None); // ends quietly when the connection is aborted
                body = body[slice.Length..];
            }
        }
        finally
        {
            lock (_lock)
                Remove(mine);
        }
    }

    private LinkedListNode<(HttpContext Context, int Bytes)> Add(HttpContext context, int bytes)
    {
        lock (_lock)
        {
            // Under the lock, because a context is used again for another request once its response is removed.
            while (_bytes + bytes > _maxBytes && _unread.First is { } oldest)
            {
                oldest.Value.Context.Abort();
                Remove(oldest);
            }

            _bytes += bytes;
            return _unread.AddLast((context, bytes));
        }
    }

    private void Remove(LinkedListNode<(HttpContext Context, int Bytes)> response)
    {
        if (response.List is null)
            return; // it was disconnected for another's sake
        _bytes -= response.Value.Bytes;
        _unread.Remove(response);
    }
}
