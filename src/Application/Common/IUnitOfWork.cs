namespace UserCqrs.Application.Common;

/// <summary>The port that runs a command in a transaction: either all its changes are kept or none.</summary>
public interface IUnitOfWork
{
    /// <summary>
    /// Runs the work in a transaction and returns when the transaction is durable. A failed or
    /// discarded result, or an exception, rolls it back.
    /// The work may run more than once, each time from the start.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="saves">How much the command writes.</param>
    /// <param name="cancellationToken">Cancels the work if it has not yet been committed.</param>
    /// <exception cref="DatabaseUnavailableException">The database cannot execute the work now.</exception>
    Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
        where TResult : IResult<TResult>;
}

/// <summary>
/// The database is unavailable; a later attempt may succeed. Nothing was changed, unless <see cref="OutcomeIsUnknown"/>.
/// </summary>
public sealed class DatabaseUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whether the response to the COMMIT was lost, so the change may have been made nevertheless.</summary>
    public bool OutcomeIsUnknown { get; init; }
}
