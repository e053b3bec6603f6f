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
    private readonly List<string>[] _texts = [[], [], []];

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
        return new LookUpUsers(new(body._ids, body._texts[1], body._texts[2])) { Unreadable = body.Unreadable };
    }

    protected override void ReadMember(int index, ref Utf8JsonReader json)
    {
        var type = index == 0 ? "an integer of at most 64 bits" : "a string";
        if (json.TokenType != JsonTokenType.StartArray)
        {
            Reject(new(Members[index], $"{Members[index]}.type", $"The {Members[index]} must be an array, each item {type}."));
            return;
        }

        for (var item = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; item++)
        {
            if (index == 0 && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var id))
                _ids.Add(id);
            else if (index > 0 && json.TokenType == JsonTokenType.String && TryGetString(ref json) is { } text)
                _texts[index].Add(text);
            else
                Reject(new(
                    Members[index], $"{Members[index]}.type", $"The item must be {type}.",
                    string.Create(CultureInfo.InvariantCulture, $"/{item}")));
            json.Skip();
        }
    }
}
