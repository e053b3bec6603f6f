using System.Text.Json.Serialization;
using FluentValidation;
using MediatR;
using UserCqrs.Application.Common;

namespace UserCqrs.ArchitectureTests.Canaries;

// The name of each message says what is wrong with it. Otherwise each has its handler and its reason.
public abstract class IdleHandler<TCommand> : ICommandHandler<TCommand, long> where TCommand : ICommand<long>
{
    public Task<Result<long>> Handle(TCommand request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<long>>(0);
}

internal sealed record RequestOfNoKind : IRequest<Result<long>>;

[NothingToValidate("nothing in it")]
internal sealed record RequestOfBothKinds : ICommand<long>, IQuery<long>;

internal sealed class RequestOfBothKindsHandler : IdleHandler<RequestOfBothKinds>;

[NothingToValidate("nothing in it")]
internal sealed record CommandWithoutHandler : ICommand<long>;

[NothingToValidate("nothing in it")]
internal sealed record CommandWithTwoHandlers : ICommand<long>;

internal sealed class OneHandler : IdleHandler<CommandWithTwoHandlers>;

internal sealed class AnotherHandler : IdleHandler<CommandWithTwoHandlers>;

internal sealed record CommandWithoutValidator : ICommand<long>;

internal sealed class CommandWithoutValidatorHandler : IdleHandler<CommandWithoutValidator>;

[NothingToValidate("nothing in it")]
internal sealed record CommandWithValidatorAndReason : ICommand<long>;

internal sealed class CommandWithValidatorAndReasonHandler : IdleHandler<CommandWithValidatorAndReason>;

internal sealed class CommandWithValidatorAndReasonValidator : AbstractValidator<CommandWithValidatorAndReason>;

[NothingToValidate(" ")]
internal sealed record CommandWithEmptyReason : ICommand<long>;

internal sealed class CommandWithEmptyReasonHandler : IdleHandler<CommandWithEmptyReason>;

// PublicValidator is its validator, UnsealedPublicHandler its handler.
public record UnsealedCommand : ICommand<long>;

[NothingToValidate("nothing in it")]
internal sealed record QueryOfMutableItems : IQuery<Page>;

internal sealed record Page(IReadOnlyList<MutableItem> Items);

internal sealed class MutableItem;

internal sealed class QueryOfMutableItemsHandler : IQueryHandler<QueryOfMutableItems, Page>
{
    public Task<Result<Page>> Handle(QueryOfMutableItems request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<Page>>(new Page([]));
}

public record UnsealedResponse(long Id);

[JsonSerializable(typeof(IAsyncEnumerable<UnsealedResponse>))]
internal sealed partial class Json : JsonSerializerContext;
