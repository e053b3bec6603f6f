using FluentValidation;
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
    public PatchUserValidator() => RuleFor(command => command.Input).SetValidator(UserInputValidator.Patch);
}

internal sealed class PatchUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<PatchUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(PatchUser request, CancellationToken cancellationToken)
    {
        var found = await db.FindUserAsync(request.Id, request.Precondition, cancellationToken);
        if (found.Error is { } error)
            return error;
        var user = found.Value;
        var input = Merge(request.Input, user.Attributes);
        if (input.Error is { } invalid)
            return invalid;

        user.Change(input.Value.ToData(), clock.GetUtcNow());
        return await db.TrySaveAsync(cancellationToken) is { } conflict ? conflict : user.ToDto();
    }

    /// <summary>Applies the patch of the attributes, so that the input has all attributes.</summary>
    private static Result<UserInput> Merge(UserInput input, string attributes)
    {
        if (input.Attributes is not { IsGiven: true, Value: { } patch })
            return input;
        var merged = MergePatch.Apply(attributes, patch);
        var violations = UserAttributes.Check(merged);
        return violations.Count == 0
            ? input with { Attributes = merged }
            : Error.Invalid([.. violations.Select(rule => new InputError("attributes", rule.Code, rule.Detail, rule.Path))]);
    }
}
