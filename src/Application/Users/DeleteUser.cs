using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>Removes a user for good. Answers the id, which is never given again.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Precondition">Which versions may be deleted.</param>
[NothingToValidate("any id may be named; there is a user of that id or there is none")]
public sealed record DeleteUser(long Id, Precondition Precondition) : ICommand<long>;

internal sealed class DeleteUserHandler(WriteContext db) : ICommandHandler<DeleteUser, long>
{
    public async Task<Result<long>> Handle(DeleteUser request, CancellationToken cancellationToken)
    {
        var user = await db.Users.FirstOrDefaultAsync(user => user.Id == request.Id, cancellationToken);
        if (user is null)
            return Error.NotFound;
        if (request.Precondition.Refuse(user.Version) is { } refusal)
            return refusal;

        db.Users.Remove(user);
        await db.SaveChangesAsync(cancellationToken);
        return request.Id;
    }
}
