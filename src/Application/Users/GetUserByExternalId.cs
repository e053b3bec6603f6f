using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>Reads one user by external id.</summary>
/// <param name="ExternalId">The user's external id.</param>
[NothingToValidate("every text is valid input; the handler reports one that no user has")]
public sealed record GetUserByExternalId(string ExternalId) : IQuery<UserDto>;

internal sealed class GetUserByExternalIdHandler(ReadContext db) : IQueryHandler<GetUserByExternalId, UserDto>
{
    public async Task<Result<UserDto>> Handle(GetUserByExternalId request, CancellationToken cancellationToken) =>
        await CompiledUsers.ByExternalId.For(db)(db, request.ExternalId, cancellationToken) is { } user ? user : Error.NotFound;
}
