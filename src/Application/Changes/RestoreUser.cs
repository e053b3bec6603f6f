using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Application.Changes;

/// <summary>
/// Undoes the deletion of a user, while its last state is kept. Fails with <see cref="ErrorKind.NotFound"/> if there is nothing
/// to restore, and with <see cref="ErrorKind.Conflict"/> if another user has its e-mail address or external id.
/// </summary>
/// <param name="Id">The user's id.</param>
[NothingToValidate("every id is valid input; the handler reports one that no deleted user has")]
public sealed record RestoreUser(long Id) : ICommand<UserDto>
{
    /// <inheritdoc/>
    public Saves Saves => Saves.Several;
}

internal sealed class RestoreUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<RestoreUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(RestoreUser request, CancellationToken cancellationToken)
    {
        await db.LockHistoryAsync(request.Id, cancellationToken); // otherwise an erasure and a restore could both succeed
        var last = await db.Changes.Of(request.Id).OrderBy(change => change.Id).LastOrDefaultAsync(cancellationToken);
        if (last is not { Type: UserChangeType.Deleted, IsErased: false } deletion)
            return Error.NotFound;

        var user = User.Restore(deletion, clock.GetUtcNow());
        db.Users.Add(user);
        return await db.TrySaveAsync(cancellationToken) is { } conflict ? conflict : user.ToDto();
    }
}
