using System.Globalization;
using System.Text.Json;
using UserCqrs.Application.Users;
using UserCqrs.Web.Problems;

namespace UserCqrs.Web.Http;

/// <summary>Reads the keys of a look-up from a body.</summary>
internal sealed class LookUpBody : ObjectBody
{
    /// <summary>The names of the members.</summary>
    public static readonly IReadOnlyList<string> Members = ["ids", "emails", "externalIds"];

    private static readonly Problem NotALookUp = new(ProblemType.InvalidLookup, "The body is not a look-up.")
    {
        Errors = [new(null, "body.type", "The body must be a JSON object.")],
    };

    private readonly List<long> _ids = [];
    private readonly List<string> _emails = [];
    private readonly List<string> _externalIds = [];

    private LookUpBody(ReadOnlyMemory<byte> utf8) : base(utf8, Members, isStrict: true)
    {
    }

    /// <summary>Reads a look-up, or returns the problem.</summary>
    public static async ValueTask<Bound<LookUpUsers>> BindAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (QueryReader.RejectAny(request) is { } unknown)
            return unknown;
        var body = new LookUpBody(await RequestBody.ReadAsync(request, cancellationToken));
        if (body.Read(NotALookUp) is { } problem)
            return problem;
        return new LookUpUsers(new(body._ids, body._emails, body._externalIds)) { Unreadable = body.Unreadable };
    }

    protected override void ReadMember(int index, ref Utf8JsonReader json)
    {
        var member = Members[index];
        var type = member == "ids" ? "an integer of at most 64 bits" : "a string";
        if (json.TokenType != JsonTokenType.StartArray)
        {
            Reject(new(member, $"{member}.type", $"The {member} must be an array, each item {type}."));
            return;
        }

        for (var item = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; item++)
        {
            if (!TryAdd(member, ref json))
                Reject(new(
                    member, $"{member}.type", $"The item must be {type}.",
                    string.Create(CultureInfo.InvariantCulture, $"/{item}")));
            json.Skip();
        }
    }

    private bool TryAdd(string member, ref Utf8JsonReader json)
    {
        if (member == "ids" && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var id))
            _ids.Add(id);
        else if (member != "ids" && json.TokenType == JsonTokenType.String && TryGetString(ref json) is { } text)
            (member == "emails" ? _emails : _externalIds).Add(text);
        else
            return false;
        return true;
    }
}
