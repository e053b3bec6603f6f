using FluentValidation;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>Gives a user new data. Refused when there is no such user, by the precondition, or as <see cref="CreateUser"/> is.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Input">The new data; what is required must be given, and what else is absent keeps its value.</param>
/// <param name="Precondition">Which versions may be replaced.</param>
public sealed record ReplaceUser(long Id, UserInput Input, Precondition Precondition) : ICommand<UserDto>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable => Input.Unreadable;
}

internal sealed class ReplaceUserValidator : AbstractValidator<ReplaceUser>
{
    public ReplaceUserValidator() => RuleFor(command => command.Input).SetValidator(UserInputValidator.Complete);
}

internal sealed class ReplaceUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<ReplaceUser, UserDto>
{
    public Task<Result<UserDto>> Handle(ReplaceUser request, CancellationToken cancellationToken) =>
        db.ChangeUserAsync(request.Id, request.Input, request.Precondition, clock.GetUtcNow(), cancellationToken);
}
