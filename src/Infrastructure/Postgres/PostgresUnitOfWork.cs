using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Runs a command. After a conflict with another command or a lost connection, it runs the command again from the start, on a
/// cleared context. If the command saves once, that save is its transaction.
/// </summary>
internal sealed class PostgresUnitOfWork(PostgresWriteContext db) : IUnitOfWork
{
    public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, Saves saves, CancellationToken cancellationToken)
        where TResult : IResult<TResult> =>
        DatabaseFaults.TranslateAsync(() => db.Database.CreateExecutionStrategy().ExecuteAsync( // which needs Npgsql's exceptions
            _ =>
            {
                db.StartOver();
                return saves == Saves.Once ? work() : InTransactionAsync(work, cancellationToken);
            },
            cancellationToken));

    private async Task<TResult> InTransactionAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken)
        where TResult : IResult<TResult>
    {
        await using var transaction = await BeginAsync(cancellationToken);
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
}
