using System.Text;
using System.Text.Json;
using UserCqrs.Application.Changes;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints.V1.Events;

/// <summary>
/// A change as an event of a stream, serialized once for all streams. Events form a chain: a stream keeps the one that it sent
/// last, and finds those that follow.
/// </summary>
internal sealed class ChangeEvent
{
    private readonly ChangeDto? _change;
    private volatile ChangeEvent? _next;
    private volatile bool _isDropped;
    private volatile byte[] _frame;

    /// <summary>The beginning of a chain, which is no event.</summary>
    public ChangeEvent(string cursor) => (Cursor, _frame) = (cursor, []);

    public ChangeEvent(ChangeDto change)
    {
        (Cursor, _frame, _change) = (change.Cursor, Format(change), change with { User = null });
        Size = _frame.Length;
    }

    /// <summary>The size of the event when it was made, in octets.</summary>
    public int Size { get; }

    /// <summary>The position of the change in the log.</summary>
    public string Cursor { get; }

    /// <summary>The event as it is sent.</summary>
    public byte[] Frame => _frame;

    /// <summary>The following event, if there is one and it has not been dropped.</summary>
    public ChangeEvent? Next => _next;

    /// <summary>Whether the events that follow have been dropped, so that only the database has them.</summary>
    public bool IsDropped => _isDropped && _next is null;

    /// <summary>Formats a change as an event (HTML Living Standard §9.2.6). JSON has no line breaks here.</summary>
    public static byte[] Format(ChangeDto change)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Responses.ToChange(change), ApiJson.Default.ChangeResponse);
        return [.. Encoding.ASCII.GetBytes($"id: {change.Cursor}\ndata: "), .. json, .. "\n\n"u8];
    }

    /// <summary>Adds the event that follows.</summary>
    public void Append(ChangeEvent next) => _next = next;

    /// <summary>Removes the data of a user who was erased.</summary>
    public void Erase(long userId)
    {
        if (_change?.UserId == userId)
            _frame = Format(_change);
    }

    /// <summary>
    /// Lets go of the events that follow, because a slow stream that still has this one must not keep them in memory. Returns
    /// the next one.
    /// </summary>
    public ChangeEvent? Drop()
    {
        var next = _next;
        _isDropped = true;
        _next = null;
        return next;
    }
}
