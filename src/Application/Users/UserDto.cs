using System.Linq.Expressions;
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

    /// <summary>What queries select, so that the database reads these columns and no others.</summary>
    internal static readonly Expression<Func<User, UserDto>> Projection = user =>
        new UserDto(user.Id, user.Name, user.Email, user.CreatedAt, user.UpdatedAt, user.Version);

    /// <summary><see cref="Projection"/>, and the key.</summary>
    internal static readonly Expression<Func<User, UserDto>> ProjectionWithKey = user =>
        new UserDto(user.Id, user.Name, user.Email, user.CreatedAt, user.UpdatedAt, user.Version) { EmailKey = user.EmailKey };

    internal static UserDto From(User user) =>
        new(user.Id, user.Name, user.Email, user.CreatedAt, user.UpdatedAt, user.Version);
}
