using System.Buffers;
using System.IO.Pipelines;
using UserCqrs.Web.Hosting;

namespace UserCqrs.Web.Http;

/// <summary>The octets of a body.</summary>
internal static class RequestBody
{
    /// <summary>All of them, or, where they are too many, enough to show it.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 256, KestrelLimits.MaxBody));

        // Kestrel's reader can end cleanly only between reads: what comes is taken out at once, and no token breaks into a read.
        await using var _ = cancellationToken.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), reader);
        while (true)
        {
            var read = await reader.ReadAsync(CancellationToken.None);
            foreach (var part in read.Buffer)
                body.Write(part.Span);
            reader.AdvanceTo(read.Buffer.End);
            cancellationToken.ThrowIfCancellationRequested();
            if (read.IsCompleted || body.WrittenCount > KestrelLimits.MaxBody)
                return body.WrittenMemory;
        }
    }

    /// <summary>How long the body is, or that it is too long. One that does not say so is read, and left for whoever reads it next.</summary>
    public static async ValueTask<long> LengthOfAsync(HttpRequest request)
    {
        if (request.ContentLength is { } length)
            return length;
        var body = await ReadAsync(request, request.HttpContext.RequestAborted);
        request.Body = new MemoryStream(body.ToArray(), writable: false);
        return body.Length;
    }
}
