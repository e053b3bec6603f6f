using MediatR;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Returns users from the cache if a look-up names nothing but ids and all of them are there.</summary>
internal sealed class CachedLookUpUsers(UserCache cache) : IPipelineBehavior<LookUpUsers, Result<UserLookup>>
{
    public async Task<Result<UserLookup>> Handle(
        LookUpUsers request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<UserLookup>> next)
    {
        var ids = request.Keys.Ids;
        if (ids.Count == request.Keys.Count)
        {
            var cached = ids.Distinct().Select(cache.Find).ToList();
            if (!cached.Contains(null))
                return new UserLookup(cached!, new([], [], []));
        }

        var started = cache.StartReading();
        var result = await next();
        if (result.Error is null)
        {
            foreach (var user in result.Value.Items)
                cache.Fill(user, started);
        }

        return result;
    }
}
