using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using UserCqrs.Web.OpenApi;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>The octets of a body.</summary>
internal static class RequestBody
{
    /// <summary>413 for a body that did not say its length and is too long; any other is kept for the route.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        HasUnknownLength(context) ? KeepAsync(context, next) : next(context);

    /// <summary>Whether a body that did not say its length is too long. It is counted, and not kept.</summary>
    public static async ValueTask<bool> TurnsOutTooLargeAsync(HttpContext context) =>
        HasUnknownLength(context) && await CopyAsync(context.Request, to: null, context.RequestAborted) > ApiSurface.Of(context).MaxBody;

    /// <summary>All of them, or, where they are too many, enough to show it.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 0, 256, ApiSurface.Of(request.HttpContext).MaxBody));
        await CopyAsync(request, body, cancellationToken);
        return body.WrittenMemory;
    }

    private static bool HasUnknownLength(HttpContext context) =>
        context.Request.ContentLength is null && context.GetEndpoint()?.Metadata.GetMetadata<Operation>()?.Body is not null;

    private static async Task KeepAsync(HttpContext context, RequestDelegate next)
    {
        var body = await ReadAsync(context.Request, context.RequestAborted);
        if (body.Length > ApiSurface.Of(context).MaxBody)
        {
            await new Problem(ProblemType.PayloadTooLarge).ExecuteAsync(context);
            return;
        }

        MemoryMarshal.TryGetArray(body, out var octets);
        context.Request.Body = new MemoryStream(octets.Array!, octets.Offset, octets.Count, writable: false);
        await next(context);
    }

    /// <returns>How many octets came.</returns>
    private static async ValueTask<long> CopyAsync(HttpRequest request, IBufferWriter<byte>? to, CancellationToken cancellationToken)
    {
        // Kestrel's reader can end cleanly only between reads: what comes is taken out at once, and no token breaks into a read.
        var reader = request.BodyReader;
        await using var _ = cancellationToken.UnsafeRegister(static reader => CancelPendingRead((PipeReader)reader!), reader);
        var maxBody = ApiSurface.Of(request.HttpContext).MaxBody;
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
            // The stream was reset (HTTP/2), which ends the read by itself.
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
            throw new ConnectionResetException("The client went away while it sent the body.", e);
        }
    }
}
