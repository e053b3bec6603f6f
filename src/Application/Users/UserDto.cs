using System.Linq.Expressions;
using Mapster;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>A user as the use cases answer it.</summary>
/// <param name="Id">See <see cref="User.Id"/>.</param>
/// <param name="Name">See <see cref="User.Name"/>.</param>
/// <param name="Email">See <see cref="User.Email"/>.</param>
/// <param name="CreatedAt">See <see cref="User.CreatedAt"/>.</param>
/// <param name="UpdatedAt">See <see cref="User.UpdatedAt"/>.</param>
/// <param name="Version">See <see cref="User.Version"/>.</param>
public sealed record UserDto(
    long Id, string Name, string Email, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    /// <summary>See <see cref="User.EmailKey"/>; read for lists alone, whose cursors hold it.</summary>
    internal string? EmailKey { get; init; }

    /// <summary>How many characters all texts have; for the cache, which bounds its memory.</summary>
    internal int TextLength => Name.Length + Email.Length;
}

/// <summary>How a user becomes a <see cref="UserDto"/>, in SQL and in memory.</summary>
internal static class UserDtoMapping
{
    private static readonly TypeAdapterConfig Config = Configure(_ => { });

    // Mapster maps public members only, unless it is told.
    private static readonly TypeAdapterConfig ConfigWithKey =
        Configure(map => map.Map(dto => dto.EmailKey, user => user.EmailKey));

    /// <summary>What queries select, so that the database reads these columns and no others.</summary>
    public static readonly Expression<Func<User, UserDto>> Projection = ProjectionOf(Config);

    /// <summary><see cref="Projection"/>, and the key.</summary>
    public static readonly Expression<Func<User, UserDto>> ProjectionWithKey = ProjectionOf(ConfigWithKey);

    private static readonly Func<User, UserDto> Map = Config.GetMapFunction<User, UserDto>();

    public static UserDto ToDto(this User user) => Map(user);

    private static TypeAdapterConfig Configure(Action<TypeAdapterSetter<User, UserDto>> configure)
    {
        var config = new TypeAdapterConfig { RequireDestinationMemberSource = true };
        configure(config.NewConfig<User, UserDto>());
        return config;
    }

    // EF Core cannot compile a query with Mapster's own ProjectToType in it.
    private static Expression<Func<User, UserDto>> ProjectionOf(TypeAdapterConfig config) =>
        (Expression<Func<User, UserDto>>)config.CreateMapExpression(new(typeof(User), typeof(UserDto)), MapType.Projection);
}
