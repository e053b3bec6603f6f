using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Retries operations that failed for a temporary reason and certainly had no effect. A connection lost at COMMIT is not retried
/// (see <see cref="PostgresWriteContext"/>). A read that failed on a standby is retried on the primary.
/// </summary>
internal sealed class PostgresExecutionStrategy(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, MaxRetries, maxRetryDelay: TimeSpan.Zero)
{
    private const int MaxRetries = 100;

    /// <summary>The number of retries after lost connections. It is low, because the pool drops all with the first.</summary>
    private const int MaxReconnects = 2;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    private long _started;

    /// <summary>False, so that EF Core does not buffer results. A query that fails after its first row is not retried.</summary>
    public override bool RetriesOnFailure => false;

    // A pooled context keeps its strategy from lease to lease, so the start time must be reset.
    protected override void OnFirstExecution()
    {
        base.OnFirstExecution();
        _started = TimeProvider.System.GetTimestamp();
    }

    protected override bool ShouldRetryOn(Exception exception) =>
        CanFallBack(exception) || exception is DbUpdateConcurrencyException || PostgresErrors.IsConflict(exception)
        || (PostgresErrors.IsConnectionLoss(exception)
            && ExceptionsEncountered.Count(PostgresErrors.IsConnectionLoss) <= MaxReconnects);

    protected override void OnRetry()
    {
        if (CanFallBack(ExceptionsEncountered[^1]))
            Replica!.FallBack();
    }

    // Commands that conflicted are retried almost at once, after random delays, so that they do not all collide again.
    protected override TimeSpan? GetNextDelay(Exception lastException) =>
        CanFallBack(lastException) ? TimeSpan.Zero
        : TimeProvider.System.GetElapsedTime(_started) < MaxTime && ExceptionsEncountered.Count <= MaxRetries
            ? TimeSpan.FromMilliseconds(Random.Shared.Next(0, 5 + 5 * ExceptionsEncountered.Count))
        : null;

    private bool CanFallBack(Exception exception) =>
        Replica is { HasFallback: true } && exception is NpgsqlException database && PostgresErrors.IsUnavailable(database);

    private PostgresReplicaContext? Replica => Dependencies.CurrentContext.Context as PostgresReplicaContext;
}
