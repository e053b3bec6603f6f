using System.Text.Json.Serialization;
using UserCqrs.Web.Http;

namespace UserCqrs.Web.Endpoints.V1;

/// <summary>A change of a user.</summary>
/// <param name="Id">Assigned by the service. Ascending for each user.</param>
/// <param name="Type">
/// user.created, user.updated, user.deleted, user.restored or user.erased. Later versions may add some.
/// </param>
/// <param name="UserId">The id of the user.</param>
/// <param name="Version">The version of the user after the change. A deletion has one too.</param>
/// <param name="At">UTC (RFC 3339).</param>
/// <param name="By">Who made the change, such as key:i8k9mT4G; null if nobody was identified.</param>
/// <param name="User">The user after the change; the last state of a deleted one. Absent if the user was erased since.</param>
internal sealed record ChangeResponse(
    long Id,
    string Type,
    long UserId,
    long Version,
    [property: JsonConverter(typeof(Rfc3339Converter))] DateTimeOffset At,
    string? By,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] UserResponse User); // in JSON, it is never null

/// <summary>A page of changes.</summary>
/// <param name="Items">The changes, oldest first.</param>
/// <param name="Next">Where to continue: the value of after. Also an empty page has it.</param>
/// <param name="More">Whether there are more changes already.</param>
internal sealed record ChangePageResponse(IReadOnlyList<ChangeResponse> Items, string Next, bool More);

/// <summary>A page of the history of a user.</summary>
/// <param name="Items">The changes, newest first.</param>
/// <param name="Next">The cursor of the next page. Absent on the last page.</param>
internal sealed record UserChangePageResponse(
    IReadOnlyList<ChangeResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);
