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

    private const int PageSize = 500;
    private const int MaxOctetsAtOnce = 16 * 1024;
    private const int MillisecondsToReconnect = 2_000;
    private const int MaxMillisecondsToReconnectAfterStop = 10_000;

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

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
        WritePage(first);
        WriteHeartbeat(); // its id is where a client goes on if it is disconnected before the next change
        await _writer.FlushAsync(context.RequestAborted);

        while (!stop.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            var pulse = changes.Pulse; // before looking for changes
            var octets = await WriteChangesAsync();
            if (_hasEnded)
                return;
            if (clock.GetElapsedTime(_heartbeatAt) >= HeartbeatInterval)
                octets += WriteHeartbeat();
            if (octets > 0)
                await _writer.FlushAsync(context.RequestAborted);
            else
                await pulse; // after a second at the latest
        }

        // Clients that all reconnected at the same time would burden the other instances.
        WriteRetry(RandomNumberGenerator.GetInt32(MillisecondsToReconnect, MaxMillisecondsToReconnectAfterStop));
        await _writer.FlushAsync(context.RequestAborted);
    }

    private async Task<int> WriteChangesAsync()
    {
        try
        {
            if ((await callers.ReadAsync(context)).Caller?.May(Scope.Read) != true)
            {
                _hasEnded = true;
                return 0;
            }

            _last ??= changes.Find(_cursor);
            if (_last is { IsDropped: false })
                return WriteFollowing(_last);
            _last = null;
            var page = await changes.ReadAsync(new(_cursor, PageSize), context.RequestAborted);
            _hasEnded = page.Error is not null; // the response to a client that comes back with this position says why
            return _hasEnded ? 0 : WritePage(page.Value);
        }
        catch (DatabaseUnavailableException)
        {
            return 0; // the stream goes on when the database is available again
        }
    }

    private int WriteFollowing(ChangeEvent last)
    {
        var octets = 0;
        for (var next = last.Next; next is not null && octets < MaxOctetsAtOnce; next = next.Next)
        {
            var frame = next.Frame;
            _writer.Write(frame);
            octets += frame.Length;
            (_last, _cursor) = (next, next.Cursor);
        }

        return octets;
    }

    private int WritePage(ChangePage page)
    {
        var octets = 0;
        foreach (var change in page.Items)
        {
            var frame = ChangeEvent.Format(change);
            _writer.Write(frame);
            octets += frame.Length;
        }

        _cursor = page.Next;
        return octets;
    }

    private int WriteHeartbeat()
    {
        _heartbeatAt = clock.GetTimestamp();
        return Write($"event: heartbeat\nid: {_cursor}\ndata: {{}}\n\n"); // clients ignore events without data
    }

    private void WriteRetry(int milliseconds) => Write(string.Create(CultureInfo.InvariantCulture, $"retry: {milliseconds}\n\n"));

    private int Write(string text) => (int)Encoding.UTF8.GetBytes(text, _writer);
}
