using FluentValidation;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>Stores a new user. Fails with <see cref="ErrorKind.Conflict"/> if another user has the same e-mail address.</summary>
/// <param name="Input">The data of the user.</param>
public sealed record CreateUser(UserInput Input) : ICommand<UserDto>, IIdempotentCommand
{
    /// <inheritdoc/>
    public IdempotencyKey? Idempotency { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable => Input.Unreadable;
}

internal sealed class CreateUserValidator : AbstractValidator<CreateUser>
{
    public CreateUserValidator(AttributesSchema schema) =>
        RuleFor(command => command.Input).SetValidator(UserInputValidator.New(schema));
}

internal sealed class CreateUserHandler(WriteContext db, TimeProvider clock) : ICommandHandler<CreateUser, UserDto>
{
    public async Task<Result<UserDto>> Handle(CreateUser request, CancellationToken cancellationToken)
    {
        var user = User.Create(request.Input.ToData(), clock.GetUtcNow());
        db.Users.Add(user);
        return await db.TrySaveAsync(cancellationToken) is { } conflict ? conflict : user.ToDto();
    }
}
