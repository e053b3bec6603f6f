using FluentValidation;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Changes the given members of a user and keeps the others. Has the same errors as <see cref="ReplaceUser"/>.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Input">The members to change.</param>
/// <param name="Precondition">Which versions may be changed.</param>
public sealed record PatchUser(long Id, UserInput Input, Precondition Precondition) : ICommand<UserDto>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable => Input.Unreadable;
}

internal sealed class PatchUserValidator : AbstractValidator<PatchUser>
{
    public PatchUserValidator() => RuleFor(command => command.Input).SetValidator(UserInputValidator.Patch());
}

internal sealed class PatchUserHandler(WriteContext db, AttributesSchema schema, TimeProvider clock)
    : ICommandHandler<PatchUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(PatchUser request, CancellationToken cancellationToken)
    {
        var found = await db.FindUserAsync(request.Id, request.Precondition, cancellationToken);
        if (found.Error is { } error)
            return error;
        var user = found.Value;
        var input = request.Input;
        if (input.Attributes is { IsGiven: true, Value: { } patch })
            input = input with { Attributes = MergePatch.Apply(user.Attributes, patch) };
        if (input.Attributes.IsGiven && schema.ErrorIn(input.Attributes.Value) is { } invalid)
            return invalid;

        user.Change(input.ToData(), clock.GetUtcNow());
        return await db.TrySaveAsync(cancellationToken) is { } conflict ? conflict : user.ToDto();
    }
}
