using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure.Postgres;

/// <summary>
/// Runs a command and, where another one or a lost connection came in its way, runs it again from the start, on a context that
/// remembers nothing. The transaction is that of its one save.
/// </summary>
internal sealed class PostgresUnitOfWork(PostgresWriteContext db) : IUnitOfWork
{
    public Task<TResult> ExecuteAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken)
        where TResult : IResult<TResult> =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(
            _ =>
            {
                db.StartOver();
                return work();
            },
            cancellationToken);
}
