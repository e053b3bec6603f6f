using FluentValidation;
using FluentValidation.Results;
using UserCqrs.Application.Common;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>The data of a user as a caller gave it, not validated. Absent members keep their stored values.</summary>
public sealed record UserInput
{
    /// <summary>See <see cref="UserName"/>.</summary>
    public Optional<string?> Name { get; init; }

    /// <summary>See <see cref="EmailAddress"/>.</summary>
    public Optional<string?> Email { get; init; }

    /// <summary>See <see cref="IMessage.Unreadable"/>.</summary>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];

    /// <summary>Parses the input, which must have been validated.</summary>
    /// <exception cref="FormatException">The input breaks a rule.</exception>
    internal UserData ToData() => new()
    {
        Name = Name.Select(text => UserName.Parse(text!)),
        Email = Email.Select(text => EmailAddress.Parse(text!)),
    };
}

/// <summary>The rules for the data of a user, shared by all commands.</summary>
internal sealed class UserInputValidator : AbstractValidator<UserInput>
{
    /// <summary>Required members must be given.</summary>
    public static readonly UserInputValidator Complete = new(isComplete: true);

    /// <summary>Every member may be absent.</summary>
    public static readonly UserInputValidator Partial = new(isComplete: false);

    private UserInputValidator(bool isComplete)
    {
        RuleFor(input => input.Name).Parses<UserInput, UserName>(UserName.TryParse, isRequired: isComplete);
        RuleFor(input => input.Email).Parses<UserInput, EmailAddress>(EmailAddress.TryParse, isRequired: isComplete);
    }
}

/// <summary>FluentValidation rules that use the domain's parsers.</summary>
internal static class DomainRules
{
    internal delegate bool Parser<TValue>(string text, out TValue? value, out Violation? violation);

    public static void Parses<T, TValue>(
        this IRuleBuilder<T, Optional<string?>> rule, Parser<TValue> tryParse, bool isRequired = false,
        bool isNullable = false) =>
        rule.Custom((text, context) =>
        {
            if (text.IsGiven && text.Value is { } given)
                context.Check(given, tryParse);
            else if (text.IsGiven && !isNullable)
                context.AddFailure(Failure(context.PropertyPath, "null", "must not be null"));
            else if (!text.IsGiven && isRequired)
                context.AddFailure(Failure(context.PropertyPath, "required", "is required"));
        });

    public static void Parses<T, TValue>(this IRuleBuilder<T, string?> rule, Parser<TValue> tryParse) =>
        rule.Custom((text, context) =>
        {
            if (text is not null)
                context.Check(text, tryParse);
        });

    private static void Check<T, TValue>(this ValidationContext<T> context, string text, Parser<TValue> tryParse)
    {
        if (!tryParse(text, out _, out var violation))
            context.AddFailure(new ValidationFailure(context.PropertyPath, violation!.Detail) { ErrorCode = violation.Code });
    }

    private static ValidationFailure Failure(string path, string code, string rule)
    {
        var member = InputError.MemberOf(path);
        return new(path, $"The {member} {rule}.") { ErrorCode = $"{member}.{code}" };
    }
}
