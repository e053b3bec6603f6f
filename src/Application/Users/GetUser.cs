using MediatR;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>Reads one user by id.</summary>
/// <param name="Id">The user's id.</param>
[NothingToValidate("every id is valid input; the handler reports one that no user has")]
public sealed record GetUser(long Id) : IQuery<UserDto>;

internal sealed class GetUserHandler(ReadContext db) : IQueryHandler<GetUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(GetUser request, CancellationToken cancellationToken) =>
        await CompiledUsers.ById.For(db)(db, request.Id, cancellationToken) is { } user ? user : Error.NotFound;
}

/// <summary>Returns the user from the cache if it is there, and so spares the handler and the lease of a reader.</summary>
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
