using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure.Sqlite;

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
