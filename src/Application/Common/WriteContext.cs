using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>The context of commands: tracked users, in the transaction of <see cref="IUnitOfWork"/>. One per command.</summary>
public abstract class WriteContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>All users, tracked.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>The log of changes. Triggers write it; commands restore users from it and erase them in it.</summary>
    public DbSet<UserChange> Changes => Set<UserChange>();

    /// <summary>Who makes the changes: see <see cref="ICurrentCaller.Id"/>.</summary>
    public string? Caller { get; set; }

    /// <summary>Saves the changes, in the name of the caller.</summary>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<User>())
        {
            if (entry.State is EntityState.Added or EntityState.Modified)
                entry.Entity.ChangedBy = Caller;
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Deletes a user. A DELETE cannot say who the caller is, so the user says it before.</summary>
    public async Task RemoveAsync(User user, CancellationToken cancellationToken)
    {
        if (user.ChangedBy != Caller)
        {
            user.ChangedBy = Caller;
            await SaveChangesAsync(cancellationToken);
        }

        Users.Remove(user);
        await SaveChangesAsync(cancellationToken);
    }

    /// <summary>Reads the user that a command changes, if its version meets the precondition.</summary>
    public async Task<Result<User>> FindUserAsync(long id, Precondition precondition, CancellationToken cancellationToken)
    {
        var user = await Users.FirstOrDefaultAsync(user => user.Id == id, cancellationToken);
        return user is null ? Error.NotFound
            : precondition.Check(user.Version) is { } error ? error
            : user;
    }

    /// <summary>Writes the changes. Returns the conflict and writes nothing if another user has the same unique value.</summary>
    /// <exception cref="DbUpdateException">The write failed for another reason.</exception>
    public async Task<Error?> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e) when (UniqueIndexes.ConflictOf(ViolatedIndex(e)) is { } conflict)
        {
            return conflict;
        }
    }

    /// <summary>Inserts new users by as few statements as possible; they are not tracked.</summary>
    /// <returns>
    /// For each user its id, or <c>null</c> if it was not inserted because a user has the same unique value, be it an earlier one
    /// of these.
    /// </returns>
    public abstract Task<IReadOnlyList<long?>> InsertAsync(IReadOnlyList<User> users, CancellationToken cancellationToken);

    /// <summary>
    /// Makes other commands wait that want to change these users, until this command ends. Without it, a command that changes
    /// many users would often find that one of them was changed meanwhile, and have to start again.
    /// </summary>
    public abstract Task LockAsync(IQueryable<User> users, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that a user is erased whose terms the search index may still have. <see cref="PurgeSearchAsync"/> removes them.
    /// </summary>
    public abstract Task NoteErasureAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Removes the terms of erased users from the search index, a limited part at once. Returns whether there is more to do.
    /// </summary>
    public abstract Task<bool> PurgeSearchAsync(CancellationToken cancellationToken);

    /// <summary>Makes other commands wait that lock the history of this user too, until this command ends.</summary>
    public abstract Task LockHistoryAsync(long userId, CancellationToken cancellationToken);

    /// <summary>The name of the unique index that the write violates, or <c>null</c> if it failed for another reason.</summary>
    protected abstract string? ViolatedIndex(DbUpdateException exception);
}
