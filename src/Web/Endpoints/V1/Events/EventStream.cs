using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;
using UserCqrs.Web.Security;

namespace UserCqrs.Web.Endpoints.V1.Events;

/// <summary>
/// Sends the changes that follow a page as Server-Sent Events (HTML Living Standard §9.2), until the client disconnects, its
/// credential ends, the log has lost the position of the stream, or the service stops.
/// </summary>
internal sealed class EventStream(ChangeBroadcast changes, CallerReader callers, TimeProvider clock, HttpContext context)
{
    public const string MediaType = "text/event-stream";

    /// <summary>How many changes a stream reads from the log at once. A client that does not read must not hold many.</summary>
    public const int PageSize = 32;

    private const int MaxOctetsAtOnce = 16 * 1024;
    private const int MillisecondsToReconnect = 2_000;
    private const int MaxMillisecondsToReconnectAfterStop = 10_000;

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly PipeWriter _writer = context.Response.BodyWriter;
    private string _cursor = "";
    private ChangeEvent? _last; // null while the stream reads pages of the log
    private long _heartbeatAt;
    private bool _hasEnded;

    /// <summary>Sends the page, then everything that follows.</summary>
    public async Task RunAsync(ChangePage first, CancellationToken stop)
    {
        using var membership = changes.Join();
        WriteRetry(MillisecondsToReconnect);
        await WritePageAsync(first, stop);
        WriteHeartbeat(); // its id is where a client goes on if it is disconnected before the next change
        await FlushAsync(stop);

        while (!stop.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            var pulse = changes.Pulse; // before looking for changes
            var hasWritten = await WriteChangesAsync(stop);
            if (_hasEnded)
                return;
            if (clock.GetElapsedTime(_heartbeatAt) >= HeartbeatInterval)
            {
                WriteHeartbeat();
                hasWritten = true;
            }

            if (hasWritten)
                await FlushAsync(stop);
            else
                await pulse; // after a second at the latest
        }

        // Clients that all reconnected at the same time would burden the other instances.
        WriteRetry(RandomNumberGenerator.GetInt32(MillisecondsToReconnect, MaxMillisecondsToReconnectAfterStop));
        await FlushAsync(stop);
    }

    private async Task<bool> WriteChangesAsync(CancellationToken stop)
    {
        try
        {
            if (!await MayReadAsync())
            {
                _hasEnded = true;
                return false;
            }

            _last ??= changes.Find(_cursor);
            if (_last is { IsDropped: false })
                return WriteFollowing(_last);
            _last = null;
            var page = await changes.ReadAsync(new(_cursor, PageSize), context.RequestAborted);
            _hasEnded = page.Error is not null; // the response to a client that comes back with this position says why
            return !_hasEnded && await WritePageAsync(page.Value, stop);
        }
        catch (DatabaseUnavailableException)
        {
            return false; // the stream goes on when the database is available again
        }
    }

    private async ValueTask<bool> MayReadAsync() => (await callers.ReadAsync(context)).Caller?.May(Scope.Read) == true;

    private bool WriteFollowing(ChangeEvent last)
    {
        var octets = 0;
        for (var next = last.Next; next is not null && octets < MaxOctetsAtOnce; next = next.Next)
        {
            var frame = next.Frame;
            _writer.Write(frame);
            octets += frame.Length;
            (_last, _cursor) = (next, next.Cursor);
        }

        return octets > 0;
    }

    private async Task<bool> WritePageAsync(ChangePage page, CancellationToken stop)
    {
        var octets = 0;
        foreach (var change in page.Items)
        {
            var frame = ChangeEvent.Format(change);
            _writer.Write(frame);
            octets += frame.Length;
            if (octets < MaxOctetsAtOnce)
                continue;
            await FlushAsync(stop);
            octets = 0;
        }

        _cursor = page.Next;
        return page.Items.Count > 0;
    }

    /// <summary>
    /// Sends what was written. While the client does not read it, this disconnects the client if its credential ends or the
    /// service stops.
    /// </summary>
    private async Task FlushAsync(CancellationToken stop)
    {
        var sending = _writer.FlushAsync(context.RequestAborted);
        if (sending.IsCompletedSuccessfully)
            return;
        var flush = sending.AsTask();
        while (await Task.WhenAny(flush, Task.Delay(Patience, clock, CancellationToken.None)) != flush)
        {
            if (stop.IsCancellationRequested || !await MayStayAsync())
                context.Abort();
        }

        await flush;
    }

    // While the keys cannot be read, nothing new is sent, but nobody is disconnected.
    private async ValueTask<bool> MayStayAsync()
    {
        try
        {
            return await MayReadAsync();
        }
        catch (DatabaseUnavailableException)
        {
            return true;
        }
    }

    private void WriteHeartbeat()
    {
        _heartbeatAt = clock.GetTimestamp();
        Write($"event: heartbeat\nid: {_cursor}\ndata: {{}}\n\n"); // clients ignore events without data
    }

    private void WriteRetry(int milliseconds) => Write(string.Create(CultureInfo.InvariantCulture, $"retry: {milliseconds}\n\n"));

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _writer);
}
