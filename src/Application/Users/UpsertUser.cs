using FluentValidation;
using Microsoft.EntityFrameworkCore;
using UserCqrs.Application.Attributes;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>
/// Replaces the data of the user that has an external id, or creates the user. Has the same errors as <see cref="CreateUser"/>,
/// and fails if the version does not meet the precondition.
/// </summary>
/// <param name="ExternalId">The external id.</param>
/// <param name="Input">The data of the user. If it has an external id, it must be the same.</param>
/// <param name="Precondition">Which versions may be replaced, and whether a user may be created.</param>
public sealed record UpsertUser(string ExternalId, UserInput Input, Precondition Precondition) : ICommand<UpsertedUser>
{
    /// <inheritdoc/>
    public IReadOnlyList<InputError> Unreadable => Input.Unreadable;

    /// <summary>The data with the external id.</summary>
    internal UserInput Identified => Input with { ExternalId = ExternalId };
}

/// <summary>A user that was replaced or created.</summary>
/// <param name="User">The user as stored.</param>
/// <param name="IsNew">Whether it was created.</param>
public sealed record UpsertedUser(UserDto User, bool IsNew);

internal sealed class UpsertUserValidator : AbstractValidator<UpsertUser>
{
    public UpsertUserValidator(AttributesSchema schema)
    {
        RuleFor(command => command.Identified).SetValidator(UserInputValidator.Complete(schema));
        RuleFor(command => command.Input.ExternalId)
            .Must((command, given) => !given.IsGiven || given.Value == command.ExternalId)
            .WithErrorCode("externalId.different").WithMessage("The externalId must be the one in the path, or be left out.");
    }
}

internal sealed class UpsertUserHandler(WriteContext db, AttributesSchema schema, TimeProvider clock)
    : ICommandHandler<UpsertUser, UpsertedUser>
{
    public async Task<Result<UpsertedUser>> Handle(UpsertUser request, CancellationToken cancellationToken)
    {
        var data = request.Identified.ToData();
        var user = await FindAsync();
        if (user is null && request.Precondition.Check(null) is { } missing)
            return missing;
        if (user is null)
        {
            var created = User.Create(data, clock.GetUtcNow());
            if (!data.Attributes.IsGiven && schema.ErrorIn(null) is { } invalid)
                return invalid;
            db.Users.Add(created);
            if (await db.TrySaveAsync(cancellationToken) is not { } taken)
                return new UpsertedUser(created.ToDto(), IsNew: true);
            db.ChangeTracker.Clear();
            if (await FindAsync() is not { } existing)
                return taken;
            user = existing; // another command has created it meanwhile
        }

        if (request.Precondition.Check(user.Version) is { } failed)
            return failed;
        user.Change(data, clock.GetUtcNow());
        return await db.TrySaveAsync(cancellationToken) is { } conflict
            ? conflict
            : new UpsertedUser(user.ToDto(), IsNew: false);

        Task<User?> FindAsync() =>
            db.Users.FirstOrDefaultAsync(user => user.ExternalId == request.ExternalId, cancellationToken);
    }
}
