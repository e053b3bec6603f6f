using MediatR;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>One user by id.</summary>
/// <param name="Id">The user's id.</param>
[NothingToValidate("any id may be asked for; there is a user of that id or there is none")]
public sealed record GetUser(long Id) : IQuery<UserDto>;

internal sealed class GetUserHandler(ReadContext db) : IQueryHandler<GetUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(GetUser request, CancellationToken cancellationToken) =>
        await CompiledUsers.ById.For(db)(db, request.Id, cancellationToken) is { } user ? user : Error.NotFound;
}

/// <summary>Spares the handler, and the reader it would lease, where the user is in memory.</summary>
internal sealed class CachedGetUser(UserCache cache) : IPipelineBehavior<GetUser, Result<UserDto>>
{
    public async Task<Result<UserDto>> Handle(
        GetUser request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<UserDto>> next)
    {
        if (cache.Find(request.Id) is { } user)
            return user;

        var started = cache.StartReading();
        var result = await next();
        if (result.Error is null)
            cache.Fill(result.Value, started);
        return result;
    }
}
