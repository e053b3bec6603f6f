using Microsoft.EntityFrameworkCore;
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
        var user = await db.Users.FirstOrDefaultAsync(user => user.Id == request.Id, cancellationToken);
        if (user is null)
            return Error.NotFound;
        if (request.Precondition.Check(user.Version) is { } error)
            return error;

        db.Users.Remove(user);
        await db.SaveChangesAsync(cancellationToken);
        return request.Id;
    }
}
