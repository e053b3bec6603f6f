using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Runs again what failed for a reason that passes, and only what was surely not done: a loss at COMMIT is not among it
/// (see <see cref="PostgresWriteContext"/>). A read that a standby could not answer is asked of the primary.
/// </summary>
internal sealed class PostgresExecutionStrategy(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, MaxRetries, maxRetryDelay: TimeSpan.Zero)
{
    private const int MaxRetries = 100;

    /// <summary>Lost connections are tried again this often only: the pool drops them all with the first.</summary>
    private const int MaxReconnects = 2;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    private long _started;

    /// <summary>Whether EF Core must read a whole result before it gives out the first row. What fails midway is not asked again.</summary>
    public override bool RetriesOnFailure => false;

    // A context that is pooled keeps its strategy from lease to lease.
    protected override void OnFirstExecution()
    {
        base.OnFirstExecution();
        _started = TimeProvider.System.GetTimestamp();
    }

    protected override bool ShouldRetryOn(Exception exception) =>
        CanFallBack(exception) || exception is DbUpdateConcurrencyException || PostgresErrors.IsConflict(exception)
        || (PostgresErrors.IsConnectionLoss(exception) && ExceptionsEncountered.Count(PostgresErrors.IsConnectionLoss) <= MaxReconnects);

    protected override void OnRetry()
    {
        if (CanFallBack(ExceptionsEncountered[^1]))
            Reader!.FallBack();
    }

    // Who lost a race starts again at once, but not in step with the others who lost it.
    protected override TimeSpan? GetNextDelay(Exception lastException) =>
        CanFallBack(lastException) ? TimeSpan.Zero
        : TimeProvider.System.GetElapsedTime(_started) < MaxTime && ExceptionsEncountered.Count <= MaxRetries
            ? TimeSpan.FromMilliseconds(Random.Shared.Next(0, 5 + 5 * ExceptionsEncountered.Count))
        : null;

    private bool CanFallBack(Exception exception) =>
        Reader is { HasFallback: true } && exception is NpgsqlException database && PostgresErrors.IsUnavailable(database);

    private PostgresReadContext? Reader => Dependencies.CurrentContext.Context as PostgresReadContext;
}
