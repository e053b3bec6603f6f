using MediatR;

namespace UserCqrs.Application.Common;

/// <summary>Runs a command, and only a command, in the unit of work.</summary>
internal sealed class TransactionBehavior<TCommand, TResult>(IUnitOfWork unitOfWork) : IPipelineBehavior<TCommand, TResult>
    where TCommand : ICommand, IRequest<TResult>
    where TResult : IResult<TResult>
{
    public Task<TResult> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next) =>
        unitOfWork.ExecuteAsync(() => next(), cancellationToken);
}
