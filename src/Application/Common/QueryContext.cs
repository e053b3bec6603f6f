using Microsoft.EntityFrameworkCore;
using UserCqrs.Domain;

namespace UserCqrs.Application.Common;

/// <summary>A context of queries: untracked users, on a connection that the database makes read-only.</summary>
public abstract class QueryContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>All users, untracked.</summary>
    public IQueryable<User> Users => Set<User>().AsNoTracking();

    /// <summary>The log of changes, untracked.</summary>
    public IQueryable<UserChange> Changes => Set<UserChange>().AsNoTracking();

    /// <summary>Always throws: queries do not write.</summary>
    public sealed override int SaveChanges(bool acceptAllChangesOnSuccess) => throw ReadOnly();

    /// <summary>Always throws: queries do not write.</summary>
    public sealed override Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) => throw ReadOnly();

    private static InvalidOperationException ReadOnly() => new("A query cannot write. Send a command.");
}
