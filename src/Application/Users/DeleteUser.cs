using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>Deletes a user permanently. Returns the id, which is never used again.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Precondition">Which versions may be deleted.</param>
[NothingToValidate("every id is valid input; the handler reports one that no user has")]
public sealed record DeleteUser(long Id, Precondition Precondition) : ICommand<long>;

internal sealed class DeleteUserHandler(WriteContext db) : ICommandHandler<DeleteUser, long>
{
    public async Task<Result<long>> Handle(DeleteUser request, CancellationToken cancellationToken)
    {
        var found = await db.FindUserAsync(request.Id, request.Precondition, cancellationToken);
        if (found.Error is { } error)
            return error;

        db.Users.Remove(found.Value);
        await db.SaveChangesAsync(cancellationToken);
        return request.Id;
    }
}
