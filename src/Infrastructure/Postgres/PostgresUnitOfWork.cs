using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Runs a command. After a conflict with another command or a lost connection, it runs the command again from the start, on a
/// cleared context. If the command saves once, that save is its transaction.
/// </summary>
/// <remarks>
/// Commands that write many users run one after the other, in all instances: two that meet the same users in another order would
/// wait for each other.
/// </remarks>
/// <param name="db">The context of the command.</param>
/// <param name="large">See <see cref="PostgresContexts.LargeCommands"/>.</param>
internal sealed class PostgresUnitOfWork(PostgresWriteContext db, SemaphoreSlim large) : IUnitOfWork
{
    /// <summary>"UCQL": the key of the advisory lock of large commands.</summary>
    private const long AdvisoryLock = 0x5543514C;

    public async Task<TResult> ExecuteAsync<TResult>(
        Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
        where TResult : IResult<TResult>
    {
        if (saves != Saves.Many)
            return await RetryAsync(work, saves, cancellationToken);
        await large.WaitAsync(cancellationToken);
        try
        {
            return await RetryAsync(work, saves, cancellationToken);
        }
        finally
        {
            large.Release();
        }
    }

    private Task<TResult> RetryAsync<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
        where TResult : IResult<TResult> =>
        DatabaseFaults.TranslateAsync(() => db.Database.CreateExecutionStrategy().ExecuteAsync( // which needs Npgsql's exceptions
            _ =>
            {
                db.StartOver();
                return saves == Saves.Once ? work() : InTransactionAsync(work, saves, cancellationToken);
            },
            cancellationToken));

    private async Task<TResult> InTransactionAsync<TResult>(
        Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
        where TResult : IResult<TResult>
    {
        await using var transaction = await BeginAsync(cancellationToken);
        if (saves == Saves.Many)
            await WaitForOtherInstancesAsync(transaction, cancellationToken);
        var result = await work();
        if (result is { Error: null, IsDiscarded: false })
            await db.CommitAsync();
        return result;
    }

    // EF Core leaves the connection open if it was opened and the transaction could not be begun.
    private async Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await db.Database.BeginTransactionAsync(cancellationToken);
        }
        catch
        {
            await db.Database.CloseConnectionAsync();
            throw;
        }
    }

    private async Task WaitForOtherInstancesAsync(IDbContextTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = transaction.GetDbTransaction();
        command.CommandTimeout = 0; // a large command may take minutes
        command.CommandText = $"SELECT pg_advisory_xact_lock({AdvisoryLock})";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
