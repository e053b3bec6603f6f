using MediatR;
using UserCqrs.Application.Common;

namespace UserCqrs.Infrastructure;

/// <summary>
/// Translates failures of the database while a query reads through its <see cref="ReadContext"/>. The other ports,
/// <see cref="IUnitOfWork"/> and <see cref="IReplica"/>, do so themselves.
/// </summary>
internal sealed class DatabaseFaultBehavior<TQuery, TResult> : IPipelineBehavior<TQuery, TResult>
    where TQuery : IQuery, IRequest<TResult>
    where TResult : IResult<TResult>
{
    public Task<TResult> Handle(TQuery request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next) =>
        DatabaseFaults.TranslateAsync(() => next());
}
