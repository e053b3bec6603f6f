using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>
/// A response of many lines of JSON, which is sent while the body of the request is still read. Many clients do not read before
/// they have sent everything; so lines that they have not read yet are kept in a file, up to <see cref="MaxUnread"/>.
/// </summary>
internal sealed class SpooledResponse : IAsyncDisposable
{
    /// <summary>The number of octets after which the client must read, or is disconnected.</summary>
    public const long MaxUnread = 256L * 1024 * 1024;

    private readonly HttpContext _context;
    private readonly MinDataRate? _minRate;
    private readonly FileStream _file = TemporaryFile.Create();
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly SemaphoreSlim _written = new(0);
    private readonly SemaphoreSlim _sent = new(0);
    private readonly Lock _lock = new();
    private readonly Task _sending;
    private long _end; // of what is in the file
    private long _start; // of what is not sent
    private volatile bool _isComplete;

    public SpooledResponse(HttpContext context, string mediaType)
    {
        _context = context;
        _json = new(_lines, new() { Encoder = ApiJson.Default.Options.Encoder });
        context.Response.ContentType = mediaType;
        _minRate = Rate?.MinDataRate;
        Demand(null); // until the client has sent everything
        _sending = SendAsync();
    }

    private IHttpMinResponseDataRateFeature? Rate => _context.Features.Get<IHttpMinResponseDataRateFeature>();

    public void Write<T>(T line, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(_json, line, type);
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);
    }

    /// <summary>Sends the lines written so far. Waits only if the client leaves too much unread.</summary>
    public async Task FlushAsync()
    {
        long unread;
        lock (_lock)
        {
            RandomAccess.Write(_file.SafeFileHandle, _lines.WrittenSpan, _end);
            _end += _lines.WrittenCount;
            unread = _end - _start;
        }

        _lines.ResetWrittenCount();
        _written.Release();
        if (unread <= MaxUnread)
            return;
        Demand(_minRate);
        while (!_context.RequestAborted.IsCancellationRequested && Unread() > MaxUnread / 2)
            await _sent.WaitAsync(_context.RequestAborted);
        Demand(null);
    }

    /// <summary>Sends the rest and waits until the client has read it.</summary>
    public async Task CompleteAsync()
    {
        Demand(_minRate);
        await FlushAsync();
        _isComplete = true; // only now, or the sender could end before the last lines
        _written.Release();
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isComplete)
        {
            _context.Abort(); // so that the client does not take what it got for everything
            _isComplete = true;
            _written.Release();
            await _sending;
        }

        await _json.DisposeAsync();
        _written.Dispose();
        _sent.Dispose();
        await _file.DisposeAsync();
    }

    private void Demand(MinDataRate? rate)
    {
        if (Rate is { } feature)
            feature.MinDataRate = rate;
    }

    private long Unread()
    {
        lock (_lock)
            return _end - _start;
    }

    private async Task SendAsync()
    {
        var buffer = new byte[32 * 1024];
        while (!_context.RequestAborted.IsCancellationRequested)
        {
            var length = Take(buffer);
            if (length > 0)
                await _context.Response.Body.WriteAsync(buffer.AsMemory(0, length), CancellationToken.None);
            else if (_isComplete)
                return;
            else
                await _written.WaitAsync(CancellationToken.None);
        }
    }

    private int Take(byte[] buffer)
    {
        lock (_lock)
        {
            var length = RandomAccess.Read(
                _file.SafeFileHandle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, _end - _start)), _start);
            _start += length;
            if (_start == _end && _end > 0)
            {
                _file.SetLength(0);
                (_start, _end) = (0, 0);
            }

            if (_sent.CurrentCount == 0)
                _sent.Release();
            return length;
        }
    }
}
