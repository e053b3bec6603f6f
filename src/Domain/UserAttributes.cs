using System.Text.Json;

namespace UserCqrs.Domain;

/// <summary>
/// What a team stores about a user beyond the members that every user has: a JSON object that follows I-JSON (RFC 7493), without
/// null. The order of members, the characters of strings and the spelling of numbers are kept.
/// </summary>
public sealed class UserAttributes
{
    /// <summary>The maximum size in octets, as UTF-8 without white space between tokens: 8 KiB.</summary>
    public const int MaxSize = 8 * 1024;

    /// <summary>The maximum depth: the number of objects and arrays inside each other, including the outermost object.</summary>
    public const int MaxDepth = 5;

    /// <summary>The maximum number of members of all objects together.</summary>
    public const int MaxMembers = 100;

    /// <summary>The maximum number of members in a patch, which may remove as many as there are and add as many again.</summary>
    public const int MaxPatchMembers = 2 * MaxMembers;

    /// <summary>The maximum length of a name in Unicode scalar values.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The attributes of a user that has none.</summary>
    public static readonly UserAttributes None = new("{}");

    private UserAttributes(string json) => Json = json;

    /// <summary>The object as JSON, without white space between tokens.</summary>
    public string Json { get; }

    /// <summary>Parses attributes that have been validated.</summary>
    /// <exception cref="FormatException">They break a rule.</exception>
    public static UserAttributes Parse(string json)
    {
        var (compact, violations) = AttributesReader.Read(json, isPatch: false);
        return violations.Count == 0 ? new(compact) : throw new FormatException(violations[0].Detail);
    }

    /// <summary>The rules that attributes break, at most 100.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static IReadOnlyList<Violation> Check(string json) => AttributesReader.Read(json, isPatch: false).Violations;

    /// <summary>The rules that a merge patch breaks, whatever attributes it is applied to. It may contain null.</summary>
    /// <exception cref="JsonException">The text is not a JSON object.</exception>
    public static IReadOnlyList<Violation> CheckPatch(string patch) => AttributesReader.Read(patch, isPatch: true).Violations;

    /// <summary>Whether attributes may contain this number.</summary>
    public static bool Allows(JsonElement number) => AttributesReader.IsInRange(number);

    /// <summary>
    /// Whether both are equal as JSON: the order of members and the spelling of numbers and strings do not matter.
    /// </summary>
    /// <param name="json">The <see cref="Json"/> of other attributes.</param>
    public bool IsEqualTo(string json)
    {
        if (json == Json || json == None.Json || Json == None.Json)
            return json == Json; // there is one compact form of no attributes
        using var mine = JsonDocument.Parse(Json);
        using var other = JsonDocument.Parse(json);
        return JsonElement.DeepEquals(mine.RootElement, other.RootElement);
    }
}
