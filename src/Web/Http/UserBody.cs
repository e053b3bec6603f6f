using System.Text.Json;
using System.Text.Unicode;
using UserCqrs.Application.Common;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>A user as a consumer sent it. What is absent is <c>null</c>; what cannot be read is named, all of it.</summary>
internal sealed class UserBody
{
    private const int MaxErrors = 100;

    private static readonly Problem NotAnObject = new(ProblemType.InvalidUser, "The body is no user.")
    {
        Errors = [new(null, "body.type", "The body must be a JSON object.")],
    };

    private static readonly Problem NotUtf8 = new(ProblemType.MalformedRequest, "The body is not UTF-8.")
    {
        Errors = [new(null, "body.notUtf8", "The body must be UTF-8.")],
    };

    /// <summary>The answer to an empty body.</summary>
    public static readonly Problem Missing = new(ProblemType.MalformedRequest, "The body is empty, which is not JSON.")
    {
        Errors = [new(null, "body.missing", "The body must be a JSON object.")],
    };

    private readonly List<InputError> _unreadable = [];

    public string? Name { get; private set; }

    public string? Email { get; private set; }

    public IReadOnlyList<InputError> Unreadable => _unreadable;

    /// <summary>The error of a member that users do not have.</summary>
    public static InputError UnknownMember(string member) =>
        new(member, "member.unknown", "There is no such member. Allowed are name, email.");

    /// <summary>Reads the whole body: a user, or why there is none.</summary>
    public static async ValueTask<(UserBody? Body, Problem? Refusal)> ReadAsync(
        HttpRequest request, BodyFormat format, CancellationToken cancellationToken)
    {
        if (format.Strict && QueryReader.RefuseAny(request) is { } unknown)
            return (null, unknown);
        if (!format.IsThatOf(request))
            return (null, NotAnObject); // classic; v1 has answered 415

        return Parse((await RequestBody.ReadAsync(request, cancellationToken)).Span, format.Strict);
    }

    private static (UserBody? Body, Problem? Refusal) Parse(ReadOnlySpan<byte> utf8, bool strict)
    {
        if (utf8.IsEmpty)
            return (null, Missing);
        if (!Utf8.IsValid(utf8))
            return (null, NotUtf8);

        var json = new Utf8JsonReader(utf8);
        try
        {
            json.Read();
            var body = new UserBody();
            var isObject = json.TokenType == JsonTokenType.StartObject;
            if (isObject)
                body.ReadMembers(ref json, strict);
            else
                json.Skip();
            json.Read(); // throws when anything follows
            return isObject ? (body, null) : (null, NotAnObject);
        }
        catch (JsonException)
        {
            return (null, new Problem(ProblemType.MalformedRequest, $"The body is not JSON from octet {json.BytesConsumed} on.")
            {
                Errors = [new(null, "body.notJson", "The body must be JSON (RFC 8259).")],
                Position = json.BytesConsumed,
            });
        }
    }

    private void ReadMembers(ref Utf8JsonReader json, bool strict)
    {
        var seen = new HashSet<string>(2);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var member = Is(ref json, "name") ? "name" : Is(ref json, "email") ? "email" : null;
            if (member is null && strict)
                RefuseUnknown(TryGetString(ref json));
            var isAgain = member is not null && !seen.Add(member);
            if (isAgain && strict)
                Refuse(member!, "member.duplicate", "The member may be given once.");
            else if (isAgain)
                _unreadable.RemoveAll(error => error.Member == member);

            json.Read();
            if (member is not null)
                ReadMember(member, ref json);
            json.Skip();
        }
    }

    private void ReadMember(string member, ref Utf8JsonReader json)
    {
        var text = json.TokenType == JsonTokenType.String ? TryGetString(ref json) : null;
        if (json.TokenType == JsonTokenType.Null)
            Refuse(member, $"{member}.null", $"The {member} must not be null.");
        else if (json.TokenType != JsonTokenType.String)
            Refuse(member, $"{member}.type", $"The {member} must be a string.");
        else if (text is null)
            Refuse(member, $"{member}.malformed", $"The {member} holds half of a surrogate pair, which is not Unicode text.");

        if (member == "name")
            Name = text;
        else
            Email = text;
    }

    private void RefuseUnknown(string? member)
    {
        if (member is null)
            Refuse(null, "member.malformed", "A member's name holds half of a surrogate pair, which is not Unicode text.");
        else
            Refuse(UnknownMember(member));
    }

    private void Refuse(string? member, string code, string detail) => Refuse(new(member, code, detail));

    private void Refuse(InputError error)
    {
        if (_unreadable.Count < MaxErrors)
            _unreadable.Add(error);
    }

    // ValueTextEquals alone would throw at an escaped surrogate without its other half.
    private static bool Is(ref Utf8JsonReader json, string member) =>
        json.ValueIsEscaped ? TryGetString(ref json) == member : json.ValueTextEquals(member);

    private static string? TryGetString(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException) // an escaped surrogate without its other half
        {
            return null;
        }
    }
}
