using System.Linq.Expressions;
using Mapster;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>A user as use cases return it.</summary>
/// <param name="Id">See <see cref="User.Id"/>.</param>
/// <param name="Name">See <see cref="UserState.Name"/>.</param>
/// <param name="Email">See <see cref="UserState.Email"/>.</param>
/// <param name="CreatedAt">See <see cref="UserState.CreatedAt"/>.</param>
/// <param name="UpdatedAt">See <see cref="UserState.UpdatedAt"/>.</param>
/// <param name="Version">See <see cref="UserState.Version"/>.</param>
public sealed record UserDto(
    long Id, string Name, string Email, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    /// <summary>See <see cref="UserState.ExternalId"/>.</summary>
    public string? ExternalId { get; init; }

    /// <summary>See <see cref="UserState.Active"/>.</summary>
    public bool Active { get; init; } = true;

    /// <summary>See <see cref="UserState.Attributes"/>.</summary>
    public string Attributes { get; init; } = UserAttributes.None.Json;

    /// <summary>See <see cref="UserState.EmailKey"/>. Read only for lists, whose cursors contain it.</summary>
    internal string? EmailKey { get; init; }

    /// <summary>The number of characters in all texts, from which a cache can estimate the memory of the user.</summary>
    public int TextLength => Name.Length + Email.Length + (ExternalId?.Length ?? 0) + Attributes.Length + (EmailKey?.Length ?? 0);
}

/// <summary>Maps a user to a <see cref="UserDto"/>, in SQL and in memory.</summary>
internal static class UserDtoMapping
{
    private static readonly TypeAdapterConfig Config = Configure(_ => { });

    // Mapster maps only public members by default.
    private static readonly TypeAdapterConfig ConfigWithKey =
        Configure(map => map.Map(dto => dto.EmailKey, user => user.EmailKey));

    /// <summary>The columns that queries select; the database reads no others.</summary>
    public static readonly Expression<Func<User, UserDto>> Projection = ProjectionOf(Config);

    /// <summary><see cref="Projection"/> with <see cref="UserDto.EmailKey"/>.</summary>
    public static readonly Expression<Func<User, UserDto>> ProjectionWithKey = ProjectionOf(ConfigWithKey);

    private static readonly Func<User, UserDto> Map = Config.GetMapFunction<User, UserDto>();

    public static UserDto ToDto(this User user) => Map(user);

    private static TypeAdapterConfig Configure(Action<TypeAdapterSetter<User, UserDto>> configure)
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        configure(config.NewConfig<User, UserDto>());
        return config;
    }

    // EF Core cannot compile a query that calls Mapster's ProjectToType.
    private static Expression<Func<User, UserDto>> ProjectionOf(TypeAdapterConfig config) =>
        (Expression<Func<User, UserDto>>)config.CreateMapExpression(new(typeof(User), typeof(UserDto)), MapType.Projection);
}
