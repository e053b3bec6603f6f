using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace UserCqrs.Web.Http.Bulk;

/// <summary>
/// A response of many lines of JSON, which is sent while the body of the request is still read. Many clients do not read before
/// they have sent everything; so lines that they have not read yet are kept in a file, and writing them never waits.
/// </summary>
internal sealed class SpooledResponse : IAsyncDisposable
{
    private readonly HttpContext _context;
    private readonly MinDataRate? _minRate;
    private readonly FileStream _file = TemporaryFile.Create();
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly SemaphoreSlim _more = new(0);
    private readonly Task _sending;
    private long _written;
    private volatile bool _isComplete;

    public SpooledResponse(HttpContext context, string mediaType)
    {
        _context = context;
        _json = new(_lines, new() { Encoder = ApiJson.Default.Options.Encoder });
        context.Response.ContentType = mediaType;
        if (Rate is { } rate)
            (_minRate, rate.MinDataRate) = (rate.MinDataRate, null); // until the client has sent everything
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

    /// <summary>Sends the lines written so far.</summary>
    public void Flush()
    {
        RandomAccess.Write(_file.SafeFileHandle, _lines.WrittenSpan, _written);
        Interlocked.Add(ref _written, _lines.WrittenCount);
        _lines.ResetWrittenCount();
        _more.Release();
    }

    /// <summary>Sends the rest and waits until the client has read it.</summary>
    public async Task CompleteAsync()
    {
        if (Rate is { } rate)
            rate.MinDataRate = _minRate;
        _isComplete = true;
        Flush();
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isComplete)
        {
            _isComplete = true;
            _more.Release();
            await _sending;
        }

        _json.Dispose();
        _more.Dispose();
        await _file.DisposeAsync();
    }

    private async Task SendAsync()
    {
        var buffer = new byte[32 * 1024];
        for (long sent = 0; !_context.RequestAborted.IsCancellationRequested;)
        {
            if (sent == Interlocked.Read(ref _written))
            {
                if (_isComplete)
                    return;
                await _more.WaitAsync(CancellationToken.None);
                continue;
            }

            var length = await RandomAccess.ReadAsync(_file.SafeFileHandle, buffer, sent, CancellationToken.None);
            await _context.Response.Body.WriteAsync(buffer.AsMemory(0, length), CancellationToken.None);
            sent += length;
        }
    }
}
