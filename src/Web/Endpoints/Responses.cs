using Mapster;
using UserCqrs.Application.Users;
using UserCqrs.Web.Endpoints.Classic;
using UserCqrs.Web.Endpoints.V1;

namespace UserCqrs.Web.Endpoints;

/// <summary>How what the use cases answer becomes what each surface shows of it.</summary>
internal static class Responses
{
    public static readonly TypeAdapterConfig Config = Configure();

    public static UserResponse ToResponse(this UserDto user) => user.Adapt<UserDto, UserResponse>(Config);

    public static UserPageResponse ToResponse(this UserPage page) => page.Adapt<UserPage, UserPageResponse>(Config);

    public static ClassicUser ToClassic(this UserDto user) => user.Adapt<UserDto, ClassicUser>(Config);

    private static TypeAdapterConfig Configure()
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        config.NewConfig<UserDto, UserResponse>();
        config.NewConfig<UserPage, UserPageResponse>();
        config.NewConfig<UserDto, ClassicUser>();
        return config;
    }
}
