using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Web.Http;

/// <summary>A member of a user that callers give: how bodies are read, and what the OpenAPI document says of it.</summary>
/// <param name="Name">As the body spells it.</param>
/// <param name="Description">What the document says.</param>
/// <param name="Set">Puts what was read into the input; <c>null</c> only if <paramref name="IsNullable"/>.</param>
/// <param name="MaxLength">How many characters it may have.</param>
/// <param name="IsRequired">Whether a user cannot be without it.</param>
/// <param name="IsNullable">Whether null is a value of it.</param>
/// <param name="IsClassic">Whether classic has it too.</param>
/// <param name="Format">A format of JSON Schema.</param>
/// <param name="Pattern">A regular expression (ECMA-262) that every value matches.</param>
internal sealed record UserField(
    string Name, string Description, Func<UserInput, string?, UserInput> Set, int MaxLength, bool IsRequired = false, bool IsNullable = false,
    bool IsClassic = false, string? Format = null, string? Pattern = null)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<UserField> All =
    [
        new("name", "1 to 200 characters, one of them visible; no control characters or direction overrides.",
            static (input, text) => input with { Name = text }, UserName.MaxLength, IsRequired: true, IsClassic: true),
        new("email", "One address, unique without regard to case. The domain may be international.",
            static (input, text) => input with { Email = text }, EmailAddress.MaxLength, IsRequired: true, IsClassic: true,
            Format: "idn-email", Pattern: EmailAddress.Pattern),
    ];

    /// <summary>The members that the surface has.</summary>
    public static IReadOnlyList<UserField> Of(ApiSurface surface) =>
        surface == ApiSurface.Classic ? Classic : All;

    private static readonly UserField[] Classic = [.. All.Where(field => field.IsClassic)];
}
