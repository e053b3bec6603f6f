using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using UserCqrs.Application.ApiKeys;
using UserCqrs.Application.Common;

namespace UserCqrs.ArchitectureTests.Canaries;

[NothingToValidate("nothing in it")]
internal sealed record QueryThatReachesWriteContext : IQuery<long>;

internal sealed class QueryHandlerWithWriteContextInAsyncMethod(IServiceProvider services)
    : IQueryHandler<QueryThatReachesWriteContext, long>
{
    public async Task<Result<long>> Handle(QueryThatReachesWriteContext request, CancellationToken cancellationToken) =>
        await services.GetRequiredService<WriteContext>().TrySaveAsync(cancellationToken) is null ? 1 : 0;
}

[NothingToValidate("nothing in it")]
internal sealed record QueryThatSaves : IQuery<long>;

internal sealed class QueryHandlerThatSaves(ReadContext db) : IQueryHandler<QueryThatSaves, long>
{
    public async Task<Result<long>> Handle(QueryThatSaves request, CancellationToken cancellationToken) =>
        await db.SaveChangesAsync(cancellationToken);
}

[NothingToValidate("nothing in it")]
internal sealed record QueryThatRevokesKey : IQuery<bool>;

internal sealed class QueryHandlerThatRevokesKey(IApiKeyStore keys) : IQueryHandler<QueryThatRevokesKey, bool>
{
    public async Task<Result<bool>> Handle(QueryThatRevokesKey request, CancellationToken cancellationToken) =>
        await keys.RevokeAsync("i8k9mT4G", DateTimeOffset.UnixEpoch, cancellationToken);
}

[NothingToValidate("nothing in it")]
internal sealed record QueryThatSendsCommand : IQuery<long>;

internal sealed class QueryHandlerThatSendsCommand(IMediator mediator) : IQueryHandler<QueryThatSendsCommand, long>
{
    public Task<Result<long>> Handle(QueryThatSendsCommand request, CancellationToken cancellationToken) =>
        mediator.Send(new CommandThatReads(), cancellationToken);
}

[NothingToValidate("nothing in it")]
internal sealed record CommandThatReads : ICommand<long>;

internal sealed class CommandHandlerWithReadContextInAsyncMethod(IServiceProvider services)
    : ICommandHandler<CommandThatReads, long>
{
    public async Task<Result<long>> Handle(CommandThatReads request, CancellationToken cancellationToken) =>
        await services.GetRequiredService<ReadContext>().Users.LongCountAsync(cancellationToken);
}

[NothingToValidate("nothing in it")]
internal sealed record QueryThatSeesHttp : IQuery<long>;

internal sealed class QueryHandlerThatSeesHttp(IHttpContextAccessor http) : IQueryHandler<QueryThatSeesHttp, long>
{
    public Task<Result<long>> Handle(QueryThatSeesHttp request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<long>>(http.HttpContext!.Request.ContentLength ?? 0);
}

public class UnsealedPublicHandler : IdleHandler<UnsealedCommand>;

public sealed class PublicValidator : AbstractValidator<UnsealedCommand>;

public sealed class PublicBehavior<TRequest, TResult> : IPipelineBehavior<TRequest, TResult> where TRequest : notnull
{
    public Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next) =>
        next();
}
