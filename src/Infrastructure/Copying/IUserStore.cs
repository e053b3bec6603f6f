namespace UserCqrs.Infrastructure.Copying;

/// <summary>All users of one database, inside one transaction.</summary>
internal interface IUserStore : IAsyncDisposable
{
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>The highest id that was ever given, to a user that may be gone; 0 before the first.</summary>
    Task<long> LastIdAsync(CancellationToken cancellationToken);

    /// <summary>All users in id order.</summary>
    IAsyncEnumerable<UserRow> ReadAsync(CancellationToken cancellationToken);

    Task WriteAsync(IAsyncEnumerable<UserRow> users, CancellationToken cancellationToken);

    /// <summary>The next user gets an id after this one.</summary>
    Task ContinueAfterAsync(long id, CancellationToken cancellationToken);

    /// <summary>Keeps what was written. Without it, nothing is.</summary>
    Task CommitAsync();
}
