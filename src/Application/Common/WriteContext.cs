using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Users;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>What commands work on: tracked users inside the transaction of <see cref="IUnitOfWork"/>. One per command.</summary>
public abstract class WriteContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>All users, tracked.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>Writes what was changed. Returns the conflict if another user has what must be unique; nothing was written then.</summary>
    /// <exception cref="DbUpdateException">The database refused for any other reason.</exception>
    public async Task<Error?> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e) when (UniqueIndexes.ConflictOf(IndexThatRefused(e)) is { } conflict)
        {
            return conflict;
        }
    }

    /// <summary>The name of the unique index that refused the write, or <c>null</c> if something else is wrong.</summary>
    protected abstract string? IndexThatRefused(DbUpdateException exception);
}
