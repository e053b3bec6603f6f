using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Web.Http;

/// <summary>A member that callers give for a user: how it is read from bodies and described in the OpenAPI document.</summary>
/// <param name="Name">The name of the member in the body.</param>
/// <param name="Description">The description in the OpenAPI document.</param>
/// <param name="Set">Sets the value in the input. The value is <c>null</c> only if <paramref name="IsNullable"/>.</param>
/// <param name="MaxLength">The maximum length in characters.</param>
/// <param name="IsRequired">Whether every user has a value.</param>
/// <param name="IsNullable">Whether null is allowed.</param>
/// <param name="IsClassic">Whether the classic surface has the member too.</param>
/// <param name="Format">A format of JSON Schema.</param>
/// <param name="Pattern">A regular expression (ECMA-262) that every value matches.</param>
internal sealed record UserField(
    string Name, string Description, Func<UserInput, string?, UserInput> Set, int MaxLength, bool IsRequired = false,
    bool IsNullable = false, bool IsClassic = false, string? Format = null, string? Pattern = null)
{
    /// <summary>All members.</summary>
    public static readonly IReadOnlyList<UserField> All =
    [
        new("name", "1 to 200 characters, at least one visible; no control characters or bidirectional overrides.",
            static (input, text) => input with { Name = text }, UserName.MaxLength, IsRequired: true, IsClassic: true),
        new("email", "One address, unique without regard to case. The domain may be international.",
            static (input, text) => input with { Email = text }, EmailAddress.MaxLength, IsRequired: true, IsClassic: true,
            Format: "idn-email", Pattern: EmailAddress.Pattern),
    ];

    /// <summary>The members that a surface has.</summary>
    public static IReadOnlyList<UserField> Of(ApiSurface surface) =>
        surface == ApiSurface.Classic ? Classic : All;

    private static readonly UserField[] Classic = [.. All.Where(field => field.IsClassic)];
}
