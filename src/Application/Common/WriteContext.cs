using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>What commands work on: tracked users inside the transaction of <see cref="IUnitOfWork"/>. One per command.</summary>
public abstract class WriteContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>All users, tracked.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>Writes what was changed. <c>false</c>: the unique index knows the e-mail as another user's; nothing was written.</summary>
    /// <exception cref="DbUpdateException">The database refused for any other reason.</exception>
    public async Task<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (IsEmailTaken(e))
        {
            return false;
        }
    }

    /// <summary>Whether this is the unique index on the e-mail key, told by the database's own error code.</summary>
    protected abstract bool IsEmailTaken(DbUpdateException exception);
}
