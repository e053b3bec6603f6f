using Mapster;
using UserCqrs.Application.Changes;
using UserCqrs.Application.Users;
using UserCqrs.Application.Users.Importing;
using UserCqrs.Domain;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Endpoints.V1;

namespace UserCqrs.Web.Endpoints;

/// <summary>Maps DTOs to the responses of both API surfaces.</summary>
internal static class Responses
{
    private static readonly TypeAdapterConfig Config = Configure();

    public static readonly Func<UserDto, UserResponse> ToUser = Config.GetMapFunction<UserDto, UserResponse>();

    public static readonly Func<UserPage, UserPageResponse> ToPage = Config.GetMapFunction<UserPage, UserPageResponse>();

    public static readonly Func<UserLookup, UserLookupResponse> ToLookup =
        Config.GetMapFunction<UserLookup, UserLookupResponse>();

    public static readonly Func<ImportTotals, ImportTotalsResponse> ToTotals =
        Config.GetMapFunction<ImportTotals, ImportTotalsResponse>();

    public static readonly Func<ChangeDto, ChangeResponse> ToChange = Config.GetMapFunction<ChangeDto, ChangeResponse>();

    public static readonly Func<ChangePage, ChangePageResponse> ToChangePage =
        Config.GetMapFunction<ChangePage, ChangePageResponse>();

    public static readonly Func<UserChangePage, UserChangePageResponse> ToUserChangePage =
        Config.GetMapFunction<UserChangePage, UserChangePageResponse>();

    public static readonly Func<UserDto, ClassicUser> ToClassicUser = Config.GetMapFunction<UserDto, ClassicUser>();

    private static TypeAdapterConfig Configure()
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        config.NewConfig<UserDto, UserResponse>();
        config.NewConfig<UserPage, UserPageResponse>();
        config.NewConfig<UserLookup, UserLookupResponse>();
        config.NewConfig<ImportTotals, ImportTotalsResponse>();
        config.NewConfig<UserChangeType, string>().MapWith(type => NameOf(type));
        config.NewConfig<ChangeDto, ChangeResponse>();
        config.NewConfig<ChangePage, ChangePageResponse>();
        config.NewConfig<UserChangePage, UserChangePageResponse>();
        config.NewConfig<UserDto, ClassicUser>();
        return config;
    }

    private static string NameOf(UserChangeType type) => type switch
    {
        UserChangeType.Created => "user.created",
        UserChangeType.Updated => "user.updated",
        UserChangeType.Deleted => "user.deleted",
        UserChangeType.Restored => "user.restored",
        UserChangeType.Erased => "user.erased",
        _ => throw new InvalidOperationException($"No name for {type}."),
    };
}
