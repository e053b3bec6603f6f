using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Changes;

/// <summary>
/// Deletes a user, if it is there, and every copy of its data. Fails with <see cref="ErrorKind.NotFound"/> if there never was
/// such a user, or nothing of it is kept. Returns the id.
/// </summary>
/// <param name="Id">The user's id.</param>
[NothingToValidate("every id is valid input; the handler reports one that no user had")]
public sealed record EraseUser(long Id) : ICommand<long>
{
    /// <inheritdoc/>
    public Saves Saves => Saves.Several;
}

internal sealed class EraseUserHandler(WriteContext db, IIdempotencyKeys keys, TimeProvider clock)
    : ICommandHandler<EraseUser, long>
{
    public async Task<Result<long>> Handle(EraseUser request, CancellationToken cancellationToken)
    {
        await db.LockHistoryAsync(request.Id, cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(user => user.Id == request.Id, cancellationToken) is { } user)
            await db.RemoveAsync(user, cancellationToken);
        var changes = await db.Changes.Of(request.Id).OrderBy(change => change.Id).ToListAsync(cancellationToken);
        if (changes.Count == 0)
            return Error.NotFound;

        // What exists is changed before the new entry gets its id, so that the id belongs to a transaction that others know of.
        changes.ForEach(change => change.Erase());
        await db.SaveChangesAsync(cancellationToken);
        await keys.ForgetAsync(request.Id, cancellationToken);
        await db.NoteErasureAsync(cancellationToken);
        if (changes[^1].Type != UserChangeType.Erased)
            db.Changes.Add(UserChange.Erasure(changes[^1], db.Caller, clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        return request.Id;
    }
}
