namespace UserCqrs.Infrastructure.Copying;

/// <summary>All users of one database, in one transaction.</summary>
internal interface IUserStore : IAsyncDisposable
{
    /// <summary>The columns of a user, in the order in which their values are read and written.</summary>
    IReadOnlyList<UserColumn> Columns { get; }

    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>The highest id that was ever assigned, even if its user was deleted; 0 if there was none.</summary>
    Task<long> LastIdAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads all users in id order, each as the values of its columns in the order of <see cref="UserColumn.Of"/>: text,
    /// numbers or <c>null</c>. Times are microseconds since 1970, UTC; booleans are 0 or 1.
    /// </summary>
    IAsyncEnumerable<object?[]> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes users that another store has read.</summary>
    Task WriteAsync(IAsyncEnumerable<object?[]> users, CancellationToken cancellationToken);

    /// <summary>Makes the ids of new users continue after this id.</summary>
    Task ContinueAfterAsync(long id, CancellationToken cancellationToken);

    /// <summary>Commits what was written. Otherwise, disposal rolls it back.</summary>
    Task CommitAsync();
}
