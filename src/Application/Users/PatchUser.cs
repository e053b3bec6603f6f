using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Changes what is given of a user and leaves the rest. Refused as <see cref="ReplaceUser"/> is.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">See <see cref="UserName"/>; <c>null</c> leaves it.</param>
/// <param name="Email">See <see cref="EmailAddress"/>; <c>null</c> leaves it.</param>
/// <param name="Precondition">Which versions may be changed.</param>
public sealed record PatchUser(long Id, string? Name, string? Email, Precondition Precondition) : ICommand<UserDto>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];
}

internal sealed class PatchUserValidator : AbstractValidator<PatchUser>
{
    public PatchUserValidator()
    {
        RuleFor(command => command.Name).IsName();
        RuleFor(command => command.Email).IsEmail();
    }
}

internal sealed class PatchUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<PatchUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(PatchUser request, CancellationToken cancellationToken)
    {
        var user = await db.Users.FirstOrDefaultAsync(user => user.Id == request.Id, cancellationToken);
        if (user is null)
            return Error.NotFound;
        if (request.Precondition.Refuse(user.Version) is { } refusal)
            return refusal;

        var name = request.Name is null ? null : UserName.Parse(request.Name);
        var email = request.Email is null ? null : EmailAddress.Parse(request.Email);
        user.Change(name, email, clock.GetUtcNow());
        return await db.TrySaveAsync(cancellationToken) ? user.ToDto() : Error.EmailTaken;
    }
}
