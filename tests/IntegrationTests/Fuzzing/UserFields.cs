using System.Text.Json;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What a body says about a user: its members, all of them valid. Those that it does not have are <c>null</c>.</summary>
internal sealed record UserFields(string? Name, string? Email)
{
    private static readonly string[] Classic = ["name", "email"];

    private static readonly string[] All = [.. Classic, "externalId", "active", "attributes"];

    /// <summary>A string, or JSON's null.</summary>
    public JsonElement? ExternalId { get; init; }

    private bool? Active { get; init; }

    /// <summary>An object, or JSON's null.</summary>
    private JsonElement? Attributes { get; init; }

    private bool IsPatch { get; init; }

    /// <summary>Reads a body of v1, or of classic, which ignores what it does not know. Null if it breaks a rule.</summary>
    public static UserFields? Read(JsonElement json, bool isClassic = false, bool isPatch = false)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return null;
        var known = isClassic ? Classic : All;
        var members = json.EnumerateObject()
            .Select(member => (Name: RequestReader.TextOrNull(() => member.Name), Value: member.Value.Clone())).ToList();
        var isOdd = members.Any(member => !known.Contains(member.Name))
            || members.DistinctBy(member => member.Name).Count() < members.Count;
        if (isOdd && !isClassic)
            return null;

        var areGood = true;
        var fields = new UserFields(
            Text("name", text => UserName.TryParse(text, out var name, out _) ? name.Value : null),
            Text("email", text => EmailAddress.TryParse(text, out var email, out _) ? email.Value : null))
        {
            ExternalId = Value("externalId", value => value.ValueKind == JsonValueKind.Null || IsExternalId(TextOf(value))),
            Active = Value("active", value => value.ValueKind is JsonValueKind.True or JsonValueKind.False) is { } active
                ? active.ValueKind == JsonValueKind.True
                : null,
            Attributes = Value(
                "attributes", value => value.ValueKind == JsonValueKind.Null || Fuzzing.Attributes.AreGood(value, isPatch)),
            IsPatch = isPatch,
        };
        return areGood ? fields : null;

        string? Text(string member, Func<string, string?> parse)
        {
            var read = Value(member, _ => true) is { } value ? TextOf(value) is { } text ? parse(text) : null : isPatch ? "" : null;
            areGood &= read is not null;
            return read == "" ? null : read; // no name and no address is empty
        }

        JsonElement? Value(string member, Func<JsonElement, bool> isGood)
        {
            var at = known.Contains(member) ? members.FindLastIndex(candidate => candidate.Name == member) : -1;
            if (at < 0)
                return null;
            areGood &= isGood(members[at].Value);
            return members[at].Value;
        }
    }

    /// <summary>Whether a text can be an external id.</summary>
    public static bool IsExternalId(string? text) =>
        text is not null && text.EnumerateRunes().Count() is >= 1 and <= 255 && !text.Any(char.IsControl);

    /// <summary>The user with these members; null if the attributes, once merged, break a rule.</summary>
    public UserState? Over(UserState before)
    {
        var attributes = Attributes switch
        {
            null => before.Attributes,
            { ValueKind: JsonValueKind.Null } => "{}",
            { } patch when IsPatch => Fuzzing.Attributes.Merge(before.Attributes, patch),
            { } all => Fuzzing.Attributes.Write(all),
        };
        if (!Fuzzing.Attributes.AreGood(JsonElement.Parse(attributes), isPatch: false))
            return null;
        return new(
            Name ?? before.Name, Email ?? before.Email, ExternalId is { } id ? id.GetString() : before.ExternalId,
            Active ?? before.Active,
            Fuzzing.Attributes.AreEqual(attributes, before.Attributes) ? before.Attributes : attributes);
    }

    private static string? TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? RequestReader.TextOrNull(() => value.GetString()!) : null;
}
