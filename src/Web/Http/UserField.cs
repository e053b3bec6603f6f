using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Web.Http;

/// <summary>A member that callers give for a user: how it is read from bodies and described in the OpenAPI document.</summary>
/// <param name="Name">The name of the member in the body.</param>
/// <param name="Type">The JSON type of the member.</param>
/// <param name="Description">The description in the OpenAPI document.</param>
/// <param name="Set">
/// Sets the value in the input: the characters of a string, or another value as JSON. It is <c>null</c> only if
/// <paramref name="IsNullable"/>.
/// </param>
/// <param name="MaxLength">The maximum length of a string in characters.</param>
/// <param name="IsRequired">Whether every user has a value that the caller gives.</param>
/// <param name="IsNullable">Whether null is allowed.</param>
/// <param name="IsClassic">Whether the classic surface has the member too.</param>
/// <param name="Format">A format of JSON Schema.</param>
/// <param name="Pattern">A regular expression (ECMA-262) that every value matches.</param>
internal sealed record UserField(
    string Name, JsonType Type, string Description, Func<UserInput, string?, UserInput> Set, int? MaxLength = null,
    bool IsRequired = false, bool IsNullable = false, bool IsClassic = false, string? Format = null, string? Pattern = null)
{
    /// <summary>All members.</summary>
    public static readonly IReadOnlyList<UserField> All =
    [
        new("name", JsonType.String,
            "1 to 200 characters, at least one visible; no control characters or bidirectional overrides.",
            static (input, text) => input with { Name = text }, UserName.MaxLength, IsRequired: true, IsClassic: true),
        new("email", JsonType.String, "One address, unique without regard to case. The domain may be international.",
            static (input, text) => input with { Email = text }, EmailAddress.MaxLength, IsRequired: true, IsClassic: true,
            Format: "idn-email", Pattern: EmailAddress.Pattern),
        new("externalId", JsonType.String,
            "Your own id for the user: 1 to 255 characters, no control characters; case counts. Unique among the users that have "
            + "one. null removes it.",
            static (input, text) => input with { ExternalId = text }, ExternalId.MaxLength, IsNullable: true),
        new("active", JsonType.Boolean, "Whether the user is active; true if not given to a new user.",
            static (input, json) => input with { Active = json == "true" }),
        new("attributes", JsonType.Object,
            "Everything else about the user: I-JSON (RFC 7493) without null or U+0000, at most 8 KiB without white space, 5 "
            + "levels and 100 members, with names of 1 to 64 characters. In a patch, null removes a member. null removes all.",
            static (input, json) => input with { Attributes = json }, IsNullable: true),
    ];

    private static readonly UserField[] Classic = [.. All.Where(field => field.IsClassic)];

    private static readonly string[] AllNames = [.. All.Select(field => field.Name)];

    private static readonly string[] ClassicNames = [.. Classic.Select(field => field.Name)];

    /// <summary>The members that a surface has.</summary>
    public static IReadOnlyList<UserField> Of(ApiSurface surface) => surface == ApiSurface.Classic ? Classic : All;

    /// <summary>The names of the members that a surface has.</summary>
    public static IReadOnlyList<string> NamesOf(ApiSurface surface) => surface == ApiSurface.Classic ? ClassicNames : AllNames;
}
