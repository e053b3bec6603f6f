using System.Text.Json;
using System.Text.Unicode;
using UserCqrs.Application.Common;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Reads a body that is a JSON object, and collects the errors of all members that cannot be read.</summary>
/// <param name="utf8">The body.</param>
/// <param name="members">The names of the members that are allowed.</param>
/// <param name="isStrict">
/// Whether unknown and duplicate members are errors. Otherwise the former are ignored, and the last of the latter counts.
/// </param>
internal abstract class ObjectBody(ReadOnlyMemory<byte> utf8, IReadOnlyList<string> members, bool isStrict)
{
    private const int MaxErrors = 100;

    // Utf8JsonReader stops at 64 by default, but deep JSON is JSON. A body cannot be deeper than it is long.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 * 1024 };

    private static readonly Problem NotUtf8 = new(ProblemType.MalformedRequest, "The body is not UTF-8.")
    {
        Errors = [new(null, "body.notUtf8", "The body must be UTF-8.")],
    };

    /// <summary>The response to an empty body.</summary>
    public static readonly Problem Missing = new(ProblemType.MalformedRequest, "The body is empty.")
    {
        Errors = [new(null, "body.missing", "The body must be a JSON object.")],
    };

    private readonly List<InputError> _unreadable = [];

    /// <summary>The errors of the members that could not be read, at most 100.</summary>
    protected IReadOnlyList<InputError> Unreadable => _unreadable;

    /// <summary>The error for a member that is not allowed.</summary>
    public static InputError UnknownMember(string member, IEnumerable<string> allowed) =>
        new(member, "member.unknown", $"There is no such member. The allowed members are {string.Join(", ", allowed)}.");

    /// <summary>Reads all members. Returns the problem if the body is not a JSON object.</summary>
    /// <param name="notAnObject">The problem if the body is another JSON value.</param>
    protected Problem? Read(Problem notAnObject)
    {
        if (utf8.IsEmpty)
            return Missing;
        if (!Utf8.IsValid(utf8.Span))
            return NotUtf8;

        var json = new Utf8JsonReader(utf8.Span, Options);
        try
        {
            json.Read();
            var isObject = json.TokenType == JsonTokenType.StartObject;
            if (isObject)
                ReadMembers(ref json);
            else
                json.Skip();
            json.Read(); // throws if anything follows the value
            return isObject ? null : notAnObject;
        }
        catch (JsonException)
        {
            return new(ProblemType.MalformedRequest, $"The body is not valid JSON from octet {json.BytesConsumed} on.")
            {
                Errors = [new(null, "body.notJson", "The body must be JSON (RFC 8259).")],
                Position = json.BytesConsumed,
            };
        }
    }

    /// <summary>Reads the value of a member, at whose first token the reader is.</summary>
    /// <param name="index">The index of the member's name among those that are allowed.</param>
    /// <param name="json">The reader.</param>
    protected abstract void ReadMember(int index, ref Utf8JsonReader json);

    protected void Reject(InputError error)
    {
        if (_unreadable.Count < MaxErrors)
            _unreadable.Add(error);
    }

    /// <summary>The text of a string; <c>null</c> if it has an escaped unpaired surrogate.</summary>
    protected static string? TryGetString(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void ReadMembers(ref Utf8JsonReader json)
    {
        var seen = new bool[members.Count];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var index = Find(ref json);
            if (index < 0 && isStrict)
                RejectUnknown(TryGetString(ref json));
            var isAgain = index >= 0 && seen[index];
            if (isAgain && isStrict)
                Reject(new(members[index], "member.duplicate", "The member may occur only once."));
            else if (isAgain)
                _unreadable.RemoveAll(error => error.Member == members[index]);

            json.Read();
            if (index >= 0)
            {
                seen[index] = true;
                ReadMember(index, ref json);
            }

            json.Skip();
        }
    }

    private void RejectUnknown(string? member) => Reject(member is null
        ? new(null, "member.malformed", "The name of a member must not have an unpaired surrogate.")
        : UnknownMember(member, members));

    private int Find(ref Utf8JsonReader json)
    {
        for (var i = 0; i < members.Count; i++)
        {
            // ValueTextEquals would throw for an escaped unpaired surrogate.
            if (json.ValueIsEscaped ? TryGetString(ref json) == members[i] : json.ValueTextEquals(members[i]))
                return i;
        }

        return -1;
    }
}
