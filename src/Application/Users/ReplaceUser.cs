using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Gives a user a new name and e-mail. Refused when the user, the version or the e-mail stands against it.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">See <see cref="UserName"/>.</param>
/// <param name="Email">See <see cref="EmailAddress"/>.</param>
/// <param name="Precondition">Which versions may be replaced.</param>
public sealed record ReplaceUser(long Id, string? Name, string? Email, Precondition Precondition) : ICommand<UserDto>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];
}

internal sealed class ReplaceUserValidator : AbstractValidator<ReplaceUser>
{
    public ReplaceUserValidator()
    {
        RuleFor(command => command.Name).IsGiven("name").IsName();
        RuleFor(command => command.Email).IsGiven("email").IsEmail();
    }
}

internal sealed class ReplaceUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<ReplaceUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(ReplaceUser request, CancellationToken cancellationToken)
    {
        var user = await db.Users.FirstOrDefaultAsync(user => user.Id == request.Id, cancellationToken);
        if (user is null)
            return Error.NotFound;
        if (request.Precondition.Refuse(user.Version) is { } refusal)
            return refusal;

        user.Change(UserName.Parse(request.Name!), EmailAddress.Parse(request.Email!), clock.GetUtcNow());
        return await db.TrySaveAsync(cancellationToken) ? user.ToDto() : Error.EmailTaken;
    }
}
