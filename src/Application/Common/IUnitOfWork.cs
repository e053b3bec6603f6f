namespace UserCqrs.Application.Common;

/// <summary>The transaction port: what a command does is kept whole or not at all.</summary>
public interface IUnitOfWork
{
    /// <summary>
    /// Runs the work in a transaction and answers only when that is durable. A failed result or an exception keeps nothing.
    /// The work may be run more than once, each time from the start.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The database cannot take it now.</exception>
    Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken)
        where TResult : IResult<TResult>;
}

/// <summary>The database cannot answer now, and a later try may succeed. Nothing was kept, unless it says otherwise.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The answer to the COMMIT was lost, so that it may have been kept all the same.</summary>
    public bool OutcomeIsUnknown { get; init; }
}
