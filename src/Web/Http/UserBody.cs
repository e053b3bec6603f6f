using System.Text.Json;
using System.Text.Unicode;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Reads the data of a user from a body, and collects the errors of all members that cannot be read.</summary>
internal sealed class UserBody
{
    private const int MaxErrors = 100;

    private static readonly Problem NotAnObject = new(ProblemType.InvalidUser, "The body is not a user.")
    {
        Errors = [new(null, "body.type", "The body must be a JSON object.")],
    };

    private static readonly Problem NotUtf8 = new(ProblemType.MalformedRequest, "The body is not UTF-8.")
    {
        Errors = [new(null, "body.notUtf8", "The body must be UTF-8.")],
    };

    /// <summary>The response to an empty body.</summary>
    public static readonly Problem Missing = new(ProblemType.MalformedRequest, "The body is empty.")
    {
        Errors = [new(null, "body.missing", "The body must be a JSON object.")],
    };

    private readonly IReadOnlyList<UserField> _fields;
    private readonly bool _isStrict;
    private readonly List<InputError> _unreadable = [];
    private UserInput _input = new();

    private UserBody(ApiSurface surface) => (_fields, _isStrict) = (UserField.Of(surface), surface.IsStrict);

    /// <summary>
    /// Reads the data of a user, or returns the problem. If the surface is not strict, unknown members are ignored and the last
    /// of duplicate members counts, as in FastAPI.
    /// </summary>
    public static async ValueTask<(UserInput? Input, Problem? Problem)> ReadAsync(
        HttpRequest request, BodyFormat format, CancellationToken cancellationToken)
    {
        var surface = ApiSurface.Of(request.HttpContext);
        if (surface.IsStrict && QueryReader.RejectAny(request) is { } unknown)
            return (null, unknown);
        if (!format.IsThatOf(request))
            return (null, NotAnObject); // only if not strict: Negotiation has sent 415 on a strict surface

        return new UserBody(surface).Parse((await RequestBody.ReadAsync(request, cancellationToken)).Span);
    }

    /// <summary>The error for a member that users do not have.</summary>
    public static InputError UnknownMember(string member, IEnumerable<UserField> fields)
    {
        var names = string.Join(", ", fields.Select(field => field.Name));
        return new(member, "member.unknown", $"There is no such member. The allowed members are {names}.");
    }

    private (UserInput? Input, Problem? Problem) Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return (null, Missing);
        if (!Utf8.IsValid(utf8))
            return (null, NotUtf8);

        var json = new Utf8JsonReader(utf8);
        try
        {
            json.Read();
            var isObject = json.TokenType == JsonTokenType.StartObject;
            if (isObject)
                ReadMembers(ref json);
            else
                json.Skip();
            json.Read(); // throws if anything follows the value
            return isObject ? (_input with { Unreadable = _unreadable }, null) : (null, NotAnObject);
        }
        catch (JsonException)
        {
            var detail = $"The body is not valid JSON from octet {json.BytesConsumed} on.";
            return (null, new Problem(ProblemType.MalformedRequest, detail)
            {
                Errors = [new(null, "body.notJson", "The body must be JSON (RFC 8259).")],
                Position = json.BytesConsumed,
            });
        }
    }

    private void ReadMembers(ref Utf8JsonReader json)
    {
        var seen = new HashSet<string>(_fields.Count);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(ref json);
            if (field is null && _isStrict)
                RejectUnknown(TryGetString(ref json));
            var isAgain = field is not null && !seen.Add(field.Name);
            if (isAgain && _isStrict)
                Reject(new(field!.Name, "member.duplicate", "The member may occur only once."));
            else if (isAgain)
                _unreadable.RemoveAll(error => error.Member == field!.Name);

            json.Read();
            if (field is not null)
                ReadMember(field, ref json);
            json.Skip();
        }
    }

    private void ReadMember(UserField field, ref Utf8JsonReader json)
    {
        var member = field.Name;
        if (json.TokenType == JsonTokenType.String && TryGetString(ref json) is { } text)
            _input = field.Set(_input, text);
        else if (json.TokenType == JsonTokenType.Null && field.IsNullable)
            _input = field.Set(_input, null);
        else if (json.TokenType == JsonTokenType.Null)
            Reject(new(member, $"{member}.null", $"The {member} must not be null."));
        else if (json.TokenType != JsonTokenType.String)
            Reject(new(member, $"{member}.type", $"The {member} must be a string."));
        else
            Reject(new(member, $"{member}.malformed", $"The {member} must not have an unpaired surrogate."));
    }

    private void RejectUnknown(string? member) => Reject(member is null
        ? new(null, "member.malformed", "The name of a member must not have an unpaired surrogate.")
        : UnknownMember(member, _fields));

    private void Reject(InputError error)
    {
        if (_unreadable.Count < MaxErrors)
            _unreadable.Add(error);
    }

    // A loop, because a lambda cannot capture the reader.
    private UserField? Find(ref Utf8JsonReader json)
    {
        foreach (var field in _fields)
        {
            // ValueTextEquals would throw for an escaped unpaired surrogate.
            if (json.ValueIsEscaped ? TryGetString(ref json) == field.Name : json.ValueTextEquals(field.Name))
                return field;
        }

        return null;
    }

    private static string? TryGetString(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException) // an escaped unpaired surrogate
        {
            return null;
        }
    }
}
