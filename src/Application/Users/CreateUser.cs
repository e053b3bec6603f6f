using FluentValidation;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Stores a new user. Refused with <see cref="Error.EmailTaken"/> when the e-mail is another user's.</summary>
/// <param name="Name">See <see cref="UserName"/>.</param>
/// <param name="Email">See <see cref="EmailAddress"/>.</param>
public sealed record CreateUser(string? Name, string? Email) : ICommand<UserDto>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];
}

internal sealed class CreateUserValidator : AbstractValidator<CreateUser>
{
    public CreateUserValidator()
    {
        RuleFor(command => command.Name).IsGiven("name").IsName();
        RuleFor(command => command.Email).IsGiven("email").IsEmail();
    }
}

internal sealed class CreateUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<CreateUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(CreateUser request, CancellationToken cancellationToken)
    {
        var user = User.Create(UserName.Parse(request.Name!), EmailAddress.Parse(request.Email!), clock.GetUtcNow());
        db.Users.Add(user);
        return await db.TrySaveAsync(cancellationToken) ? user.ToDto() : Error.EmailTaken;
    }
}
