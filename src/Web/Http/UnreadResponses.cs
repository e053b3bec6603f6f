using Microsoft.Extensions.Options;
using UserCqrs.Web.Hosting;

namespace UserCqrs.Web.Http;

/// <summary>
/// Sends response bodies that do not fit into the connection's buffer, and limits the memory of those that clients do not read:
/// by the rate of reading (<see cref="LimitsOptions.ResponseBytesPerSecond"/>), by the duration of the request
/// (<see cref="LimitsOptions.RequestSeconds"/>) and by their total size (<see cref="LimitsOptions.UnreadMegabytes"/>).
/// </summary>
internal sealed class UnreadResponses(IOptions<LimitsOptions> options)
{
    /// <summary>
    /// The number of bytes per write. Kestrel copies each write into its buffer, and gives the client time in proportion to its
    /// size.
    /// </summary>
    public const int Slice = 16 * 1024;

    private readonly long _maxBytes = options.Value.UnreadMegabytes * 1024L * 1024;
    private readonly LinkedList<(HttpContext Context, int Bytes)> _unread = []; // in the order in which they began
    private readonly Lock _lock = new();
    private long _bytes;

    /// <summary>Sends a body. Completes when it is sent, or when the connection has ended.</summary>
    public async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var mine = Add(context, body.Length);
        try
        {
            await using var bound = context.RequestAborted.Register(static state => ((HttpContext)state!).Abort(), context);
            while (body.Length > 0 && !context.RequestAborted.IsCancellationRequested)
            {
                var slice = body[..Math.Min(Slice, body.Length)];
                await context.Response.Body.WriteAsync(slice, CancellationToken.None); // no error if the connection is aborted
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
            // Inside the lock, because after its response is removed, a context may be reused for another request.
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
            return; // Add removed it and disconnected its client
        _bytes -= response.Value.Bytes;
        _unread.Remove(response);
    }
}
