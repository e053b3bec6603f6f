using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>
/// Deletes a user. Its last state stays in the log for a while, so that it can be restored. Returns the id, which no other user
/// gets.
/// </summary>
/// <param name="Id">The user's id.</param>
/// <param name="Precondition">Which versions may be deleted.</param>
[NothingToValidate("every id is valid input; the handler reports one that no user has")]
public sealed record DeleteUser(long Id, Precondition Precondition) : ICommand<long>
{
    /// <inheritdoc/>
    public Saves Saves => Saves.Several;
}

internal sealed class DeleteUserHandler(WriteContext db) : ICommandHandler<DeleteUser, long>
{
    public async Task<Result<long>> Handle(DeleteUser request, CancellationToken cancellationToken)
    {
        var found = await db.FindUserAsync(request.Id, request.Precondition, cancellationToken);
        if (found.Error is { } error)
            return error;

        await db.RemoveAsync(found.Value, cancellationToken);
        return request.Id;
    }
}
