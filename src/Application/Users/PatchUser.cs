using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;

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
    public PatchUserValidator() => RuleFor(command => command.Input).SetValidator(UserInputValidator.Partial);
}

internal sealed class PatchUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<PatchUser, UserDto>
{
    public Task<Result<UserDto>> Handle(PatchUser request, CancellationToken cancellationToken) =>
        db.ChangeUserAsync(request.Id, request.Input, request.Precondition, clock.GetUtcNow(), cancellationToken);
}

/// <summary>The change that <see cref="ReplaceUser"/> and <see cref="PatchUser"/> have in common.</summary>
internal static class UserChanges
{
    public static async Task<Result<UserDto>> ChangeUserAsync(
        this WriteContext db, long id, UserInput input, Precondition precondition, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var user = await db.Users.FirstOrDefaultAsync(user => user.Id == id, cancellationToken);
        if (user is null)
            return Error.NotFound;
        if (precondition.Check(user.Version) is { } error)
            return error;

        user.Change(input.ToData(), now);
        return await db.TrySaveAsync(cancellationToken) is { } conflict ? conflict : user.ToDto();
    }
}
