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
