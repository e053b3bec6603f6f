using System.Text.Json.Serialization;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary>A user.</summary>
/// <param name="Id">Assigned by the service: ascending, never reused.</param>
/// <param name="ExternalId">The caller's own id. Unique among the users that have one; null if there is none.</param>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">As entered. Unique without regard to case.</param>
/// <param name="Active">Whether the user is active.</param>
/// <param name="Attributes">Everything else about the user.</param>
/// <param name="CreatedAt">UTC (RFC 3339).</param>
/// <param name="UpdatedAt">UTC (RFC 3339). Later with every change.</param>
internal sealed record UserResponse(
    long Id,
    string? ExternalId,
    string Name,
    string Email,
    bool Active,
    [property: JsonConverter(typeof(RawJsonConverter))] string Attributes,
    [property: JsonConverter(typeof(Rfc3339Converter))] DateTimeOffset CreatedAt,
    [property: JsonConverter(typeof(Rfc3339Converter))] DateTimeOffset UpdatedAt);

/// <summary>A page of users.</summary>
/// <param name="Items">The users.</param>
/// <param name="Next">The cursor of the next page. Absent on the last page.</param>
/// <param name="Total">The number of matching users. Present if <c>count=true</c>.</param>
internal sealed record UserPageResponse(
    IReadOnlyList<UserResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total);

/// <summary>The result of a look-up.</summary>
/// <param name="Items">The users in the order of the keys, each once.</param>
/// <param name="Missing">The keys that no user has.</param>
internal sealed record UserLookupResponse(IReadOnlyList<UserResponse> Items, UserKeysResponse Missing);

/// <summary>Keys of users.</summary>
/// <param name="Ids">Ids.</param>
/// <param name="Emails">E-mail addresses, as in the request.</param>
/// <param name="ExternalIds">External ids.</param>
internal sealed record UserKeysResponse(
    IReadOnlyList<long> Ids, IReadOnlyList<string> Emails, IReadOnlyList<string> ExternalIds);
