namespace UserCqrs.Infrastructure.Copying;

/// <summary>All users of one database, inside one transaction.</summary>
internal interface IUserStore : IAsyncDisposable
{
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>The highest id that was ever given, to a user that may be gone; 0 before the first.</summary>
    Task<long> LastIdAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All users in id order, each as the values of its columns in the order of <see cref="UserColumn.Of"/>: text, numbers, or
    /// <c>null</c>. Times are microseconds since 1970, UTC; booleans are 0 or 1.
    /// </summary>
    IAsyncEnumerable<object?[]> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Writes users that another store has read.</summary>
    Task WriteAsync(IAsyncEnumerable<object?[]> users, CancellationToken cancellationToken);

    /// <summary>The next user gets an id after this one.</summary>
    Task ContinueAfterAsync(long id, CancellationToken cancellationToken);

    /// <summary>Keeps what was written. Without it, nothing is.</summary>
    Task CommitAsync();
}
