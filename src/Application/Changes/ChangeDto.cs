using Mapster;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Application.Changes;

/// <summary>An entry of the log of changes as use cases return it.</summary>
/// <param name="Id">See <see cref="UserChange.Id"/>.</param>
/// <param name="Type">See <see cref="UserChange.Type"/>.</param>
/// <param name="UserId">See <see cref="UserChange.UserId"/>.</param>
/// <param name="Version">The version of the user after the change. A deletion has one too.</param>
/// <param name="At">See <see cref="UserChange.At"/>.</param>
/// <param name="By">See <see cref="UserChange.By"/>.</param>
/// <param name="User">The user after the change; the last state of a deleted one; <c>null</c> if it was erased since.</param>
public sealed record ChangeDto(
    long Id, UserChangeType Type, long UserId, long Version, DateTimeOffset At, string? By, UserDto? User)
{
    /// <summary>The position of the entry: <see cref="ListChanges.After"/> of the page that starts behind it.</summary>
    public string Cursor => ChangeCursor.Of(this).Encode();

    private static readonly Func<UserChange, UserDto> ToUser = Configure().GetMapFunction<UserChange, UserDto>();

    internal static ChangeDto Of(UserChange change) => new(
        change.Id, change.Type, change.UserId, change.Version, change.At, change.By, change.IsErased ? null : ToUser(change));

    private static TypeAdapterConfig Configure()
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        config.NewConfig<UserChange, UserDto>().Map(dto => dto.Id, change => change.UserId);
        return config;
    }
}
