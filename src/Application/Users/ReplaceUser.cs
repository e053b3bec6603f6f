using FluentValidation;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;

namespace UserCqrs.Application.Users;

/// <summary>
/// Replaces the data of a user. Fails if the user does not exist, if its version does not meet the precondition, or with the same
/// errors as <see cref="CreateUser"/>.
/// </summary>
/// <param name="Id">The user's id.</param>
/// <param name="Input">The new data. Required members must be given; other absent members keep their values.</param>
/// <param name="Precondition">Which versions may be replaced.</param>
public sealed record ReplaceUser(long Id, UserInput Input, Precondition Precondition) : ICommand<UserDto>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable => Input.Unreadable;
}

internal sealed class ReplaceUserValidator : AbstractValidator<ReplaceUser>
{
    public ReplaceUserValidator(AttributesSchema schema) =>
        RuleFor(command => command.Input).SetValidator(UserInputValidator.Complete(schema));
}

internal sealed class ReplaceUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<ReplaceUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(ReplaceUser request, CancellationToken cancellationToken)
    {
        var found = await db.FindUserAsync(request.Id, request.Precondition, cancellationToken);
        if (found.Error is { } error)
            return error;

        found.Value.Change(request.Input.ToData(), clock.GetUtcNow());
        return await db.TrySaveAsync(cancellationToken) is { } conflict ? conflict : found.Value.ToDto();
    }
}
