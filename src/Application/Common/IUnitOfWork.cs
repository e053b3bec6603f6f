namespace UserCqrs.Application.Common;

/// <summary>The transaction port: what a command does is kept whole or not at all.</summary>
public interface IUnitOfWork
{
    /// <summary>
    /// Runs the work in a transaction and answers only when that is durable. A failed result or an exception keeps nothing.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot take it now; nothing was kept.</exception>
    Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken)
        where TResult : IResult<TResult>;
}

/// <summary>The database cannot answer now, and a later try may succeed. Nothing was kept.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
