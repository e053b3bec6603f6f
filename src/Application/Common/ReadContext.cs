using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>What queries see: untracked users on a connection that is read-only in the database itself. One per request.</summary>
public abstract class ReadContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>All users, untracked.</summary>
    public IQueryable<User> Users => Set<User>().AsNoTracking();

    /// <summary>Never: queries do not write.</summary>
    public sealed override int SaveChanges(bool acceptAllChangesOnSuccess) => throw ReadOnly();

    /// <summary>Never: queries do not write.</summary>
    public sealed override Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) => throw ReadOnly();

    private static InvalidOperationException ReadOnly() => new("A query cannot write. Send a command.");
}
