using System.Text;
using System.Text.Json;
using UserCqrs.Application.Users;
using UserCqrs.Web.Http.Bulk;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Reads the data of a user from a body.</summary>
internal sealed class UserBody : ObjectBody
{
    private static readonly Problem NotAUser = new(ProblemType.InvalidUser, "The body is not a user.")
    {
        Errors = [new(null, "body.type", "The body must be a JSON object.")],
    };

    private static readonly Dictionary<string, string> DetailsOfLines = new()
    {
        ["body.notUtf8"] = "The line must be UTF-8. A compressed file must be unpacked first.",
        ["body.notJson"] = "The line must be JSON (RFC 8259), one user on each line. CSV needs its own media type or format.",
        ["body.type"] = "The line must be a JSON object. jq -c '.[]' makes lines of a JSON array.",
    };

    private readonly ReadOnlyMemory<byte> _utf8;
    private readonly IReadOnlyList<UserField> _fields;
    private UserInput _input = new();

    private UserBody(ReadOnlyMemory<byte> utf8, IReadOnlyList<UserField> fields, IReadOnlyList<string> members, bool isStrict)
        : base(utf8, members, isStrict) => (_utf8, _fields) = (utf8, fields);

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
            return (null, NotAUser); // only if not strict: Negotiation has sent 415 on a strict surface

        var utf8 = await RequestBody.ReadAsync(request, cancellationToken);
        var body = new UserBody(utf8, UserField.Of(surface), UserField.NamesOf(surface), surface.IsStrict);
        return body.Read(NotAUser) is { } problem ? (null, problem) : (body._input with { Unreadable = body.Unreadable }, null);
    }

    /// <summary>The members that only the service sets. A line of an import may have them, and they are ignored.</summary>
    public static readonly IReadOnlyList<string> ReadOnlyMembers = ["id", "createdAt", "updatedAt"];

    /// <summary>Reads a line of an import.</summary>
    public static UserLine ReadLine(long number, ReadOnlyMemory<byte> utf8)
    {
        var body = new UserBody(utf8, UserField.All, [.. UserField.NamesOf(ApiSurface.V1), .. ReadOnlyMembers], isStrict: true);
        return body.Read(NotAUser) is { } problem
            ? UserLine.Invalid(number, [.. problem.Errors.Select(error => error with
            {
                Detail = DetailsOfLines.GetValueOrDefault(error.Code, error.Detail),
                Column = problem.Position + 1,
            })])
            : new(number, body._input with { Unreadable = body.Unreadable }, []);
    }

    /// <summary>Whether a text is a JSON object.</summary>
    public static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    protected override void ReadMember(int index, ref Utf8JsonReader json)
    {
        if (index >= _fields.Count)
            return; // the service sets it
        var field = _fields[index];
        var (member, type) = (field.Name, field.Type);
        if (json.TokenType == JsonTokenType.Null && field.IsNullable)
            _input = field.Set(_input, null);
        else if (json.TokenType == JsonTokenType.Null)
            Reject(new(member, $"{member}.null", $"The {member} must not be null."));
        else if (!type.Tokens.Contains(json.TokenType))
            Reject(new(member, $"{member}.type", $"The {member} must be {type.Name}{(field.IsNullable ? " or null" : "")}."));
        else if (TextOf(ref json) is { } text)
            _input = field.Set(_input, text);
        else
            Reject(new(member, $"{member}.malformed", $"The {member} must not have an unpaired surrogate."));
    }

    private string? TextOf(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
            return TryGetString(ref json);
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return Encoding.UTF8.GetString(_utf8.Span[start..(int)json.BytesConsumed]);
    }
}
