using MediatR;
using Microsoft.Extensions.Logging;

namespace UserCqrs.Application.Common;

/// <summary>Runs commands, but not queries, in the unit of work. The logging scope names the caller.</summary>
internal sealed class TransactionBehavior<TCommand, TResult>(
    IUnitOfWork unitOfWork, ICurrentCaller caller, ILogger<TransactionBehavior<TCommand, TResult>> logger)
    : IPipelineBehavior<TCommand, TResult>
    where TCommand : ICommand, IRequest<TResult>
    where TResult : IResult<TResult>
{
    private static readonly Func<ILogger, string?, IDisposable?> BeginScope =
        LoggerMessage.DefineScope<string?>("Caller {Caller}");

    public Task<TResult> Handle(TCommand request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next) =>
        unitOfWork.ExecuteAsync(
            async () =>
            {
                using var scope = BeginScope(logger, caller.Id); // here, because the work may run on the writer's thread
                return await next();
            },
            request.Saves, cancellationToken);
}
