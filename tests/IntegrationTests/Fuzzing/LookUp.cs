using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using UserCqrs.Domain;

namespace UserCqrs.IntegrationTests.Fuzzing;

/// <summary>What the body of a look-up means to the model.</summary>
internal sealed record LookUp(List<long> Ids, List<string> Emails, List<string> ExternalIds)
{
    private const int MaxKeys = 200;

    /// <summary>The keys, or <c>null</c> if the body breaks a rule.</summary>
    public static LookUp? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return null;
        var members = json.EnumerateObject().ToLookup(member => RequestReader.TextOrNull(() => member.Name) ?? "", member => member.Value);
        if (members.Any(member => member.Key is not ("ids" or "emails" or "externalIds") || member.Count() > 1))
            return null;
        if (members.Any(member => member.Single().ValueKind != JsonValueKind.Array))
            return null;

        var ids = Items("ids").Select(IdOrNull).ToList();
        var emails = Items("emails").Select(TextOrNull).ToList();
        var externalIds = Items("externalIds").Select(TextOrNull).ToList();
        var areGood = ids.TrueForAll(id => id is not null)
            && emails.TrueForAll(email => email is not null && EmailAddress.TryParse(email, out _, out _))
            && externalIds.TrueForAll(UserFields.IsExternalId)
            && ids.Count + emails.Count + externalIds.Count is >= 1 and <= MaxKeys;
        return areGood ? new([.. ids.OfType<long>()], [.. emails.OfType<string>()], [.. externalIds.OfType<string>()]) : null;

        IEnumerable<JsonElement> Items(string name) => members[name].SelectMany(array => array.EnumerateArray());
    }

    /// <summary>The users that have the keys, in the order of the keys, and the keys that nobody has any more.</summary>
    public JsonObject In(IReadOnlyList<ModelUser> all)
    {
        var byId = Ids.ToLookup(id => all.FirstOrDefault(user => user.Id == id)?.IdText ?? $"{id}", id => Find(user => user.Id == id));
        var byEmail = Emails.ToLookup(email => email, email => Find(user => user.State.Key == EmailAddress.Parse(email).Key));
        var byExternalId = ExternalIds.ToLookup(id => id, id => Find(user => user.State.ExternalId == id));
        var found = byId.Select(key => key.First()).Concat(byEmail.Select(key => key.First()))
            .Concat(byExternalId.Select(key => key.First())).OfType<ModelUser>().Distinct();
        return new()
        {
            ["items"] = new JsonArray([.. found.Select(user => user.Json)]),
            ["missing"] = new JsonObject
            {
                ["ids"] = Missing(byId),
                ["emails"] = Missing(byEmail),
                ["externalIds"] = Missing(byExternalId),
            },
        };

        ModelUser? Find(Predicate<ModelUser> isWanted) => all.FirstOrDefault(user => !user.IsGone && isWanted(user));
    }

    private static JsonArray Missing(ILookup<string, ModelUser?> found) =>
        [.. found.Where(key => key.First() is null).Select(key => JsonValue.Create(key.Key))];

    private static long? IdOrNull(JsonElement item) => item.ValueKind == JsonValueKind.Number
        && long.TryParse(item.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id) ? id : null;

    private static string? TextOrNull(JsonElement item) =>
        item.ValueKind == JsonValueKind.String ? RequestReader.TextOrNull(() => item.GetString()!) : null;
}
