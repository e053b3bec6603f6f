using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Reads bodies, and limits their size.</summary>
internal static class RequestBody
{
    /// <summary>
    /// Reads a body without <c>Content-Length</c>: sends 413 if it is too large, else buffers it for the route.
    /// </summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        HasUnknownLength(context) ? CheckAsync(context, next) : next(context);

    /// <summary>Whether a body without <c>Content-Length</c> is too large. The body is counted and discarded.</summary>
    public static async ValueTask<bool> TurnsOutTooLargeAsync(HttpContext context) =>
        HasUnknownLength(context)
        && ApiSurface.Of(context).MaxBody is var maxBody
        && await CopyAsync(context.Request, to: null, maxBody, context.RequestAborted) > maxBody;

    /// <summary>Reads the whole body. If it is too large, reading stops after the maximum size has been exceeded.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var maxBody = ApiSurface.Of(request.HttpContext).MaxBody;
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 256, maxBody));
        await CopyAsync(request, body, maxBody, cancellationToken);
        return body.WrittenMemory;
    }

    /// <summary>Reads the whole body, up to the maximum size, and lets the route read it again.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> KeepAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, cancellationToken);
        MemoryMarshal.TryGetArray(body, out var octets);
        request.Body = new MemoryStream(octets.Array!, octets.Offset, octets.Count, writable: false);
        return body;
    }

    private static bool HasUnknownLength(HttpContext context) =>
        context.Request.ContentLength is null && context.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.Body is not null;

    private static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var body = await KeepAsync(context.Request, context.RequestAborted);
        if (body.Length > ApiSurface.Of(context).MaxBody)
            await new Problem(ProblemType.PayloadTooLarge).ExecuteAsync(context);
        else
            await next(context);
    }

    /// <returns>The number of octets that were read.</returns>
    private static async ValueTask<long> CopyAsync(
        HttpRequest request, IBufferWriter<byte>? to, long maxBody, CancellationToken cancellationToken)
    {
        // Kestrel's reader can end cleanly only between reads. So data is consumed at once, and no token interrupts a read.
        var reader = request.BodyReader;
        await using var _ = cancellationToken.UnsafeRegister(static reader => CancelPendingRead((PipeReader)reader!), reader);
        var length = 0L;
        while (true)
        {
            var read = await ReadAsync(reader);
            length += read.Buffer.Length;
            foreach (var part in read.Buffer)
                to?.Write(part.Span);
            reader.AdvanceTo(read.Buffer.End);
            cancellationToken.ThrowIfCancellationRequested();
            if (read.IsCompleted || length > maxBody)
                return length;
        }
    }

    private static void CancelPendingRead(PipeReader reader)
    {
        try
        {
            reader.CancelPendingRead();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The stream was reset (HTTP/2), which also ends the read.
        }
    }

    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader)
    {
        try
        {
            return await reader.ReadAsync(CancellationToken.None);
        }
        catch (IOException e) when (e is not BadHttpRequestException && e.InnerException is not OverflowException)
        {
            throw new ConnectionResetException("The client disconnected while it sent the body.", e);
        }
    }
}
