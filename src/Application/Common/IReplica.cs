namespace UserCqrs.Application.Common;

/// <summary>The port that reads lists.</summary>
public interface IReplica
{
    /// <summary>Runs short queries on a context of their own, and returns it to its pool before the result is used.</summary>
    /// <param name="read">The queries.</param>
    /// <param name="cancellationToken">Cancels the running query.</param>
    /// <param name="isFresh">Whether the queries must see every completed write, so that no replica will do.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="DatabaseUnavailableException">The database cannot be read now.</exception>
    Task<T> ReadAsync<T>(Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken, bool isFresh = false);

    /// <summary>Runs queries that may take long, such as counts, so that they do not delay others.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    Task<T> ReadLongAsync<T>(Func<ReplicaContext, Task<T>> read, CancellationToken cancellationToken, bool isFresh = false) =>
        ReadAsync(read, cancellationToken, isFresh);
}
