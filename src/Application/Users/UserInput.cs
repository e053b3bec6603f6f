using FluentValidation;
using FluentValidation.Results;
using UserCqrs.Application.Attributes;
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

    /// <summary>See <see cref="Domain.ExternalId"/>; <c>null</c> removes it.</summary>
    public Optional<string?> ExternalId { get; init; }

    /// <summary>See <see cref="UserState.Active"/>.</summary>
    public Optional<bool> Active { get; init; }

    /// <summary>
    /// A JSON object; see <see cref="UserAttributes"/>. <c>null</c> removes all. In <see cref="PatchUser"/> it is a merge patch.
    /// </summary>
    public Optional<string?> Attributes { get; init; }

    /// <summary>See <see cref="IMessage.Unreadable"/>.</summary>
    public IReadOnlyList<InputError> Unreadable { get; init; } = [];

    /// <summary>Parses the input, which must have been validated.</summary>
    /// <exception cref="FormatException">The input breaks a rule.</exception>
    internal UserData ToData() => new()
    {
        Name = Name.Select(text => UserName.Parse(text!)),
        Email = Email.Select(text => EmailAddress.Parse(text!)),
        ExternalId = ExternalId.Select(text => text is null ? null : Domain.ExternalId.Parse(text)),
        Active = Active,
        Attributes = Attributes.Select(json => json is null ? UserAttributes.None : UserAttributes.Parse(json)),
    };
}

/// <summary>The rules for the data of a user, shared by all commands.</summary>
internal sealed class UserInputValidator : AbstractValidator<UserInput>
{
    private UserInputValidator(Func<Optional<string?>, IReadOnlyList<Violation>> checkAttributes, bool isComplete)
    {
        RuleFor(input => input.Name).Parses<UserInput, UserName>(UserName.TryParse, isRequired: isComplete);
        RuleFor(input => input.Email).Parses<UserInput, EmailAddress>(EmailAddress.TryParse, isRequired: isComplete);
        RuleFor(input => input.ExternalId).Parses<UserInput, ExternalId>(ExternalId.TryParse, isNullable: true);
        RuleFor(input => input.Attributes).Custom((json, context) => context.AddFailures(checkAttributes(json)));
    }

    /// <summary>Required members must be given, and the schema also applies to a user without attributes.</summary>
    public static UserInputValidator New(AttributesSchema schema) =>
        new(json => schema.CheckAll(json.IsGiven ? json.Value : null), isComplete: true);

    /// <summary>Required members must be given.</summary>
    public static UserInputValidator Complete(AttributesSchema schema) =>
        new(json => json.IsGiven ? schema.CheckAll(json.Value) : [], isComplete: true);

    /// <summary>
    /// Every member may be absent, and the attributes are a merge patch. The schema applies to what it results in.
    /// </summary>
    public static UserInputValidator Patch() =>
        new(json => json is { IsGiven: true, Value: { } patch } ? UserAttributes.CheckPatch(patch) : [], isComplete: false);
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

    public static IRuleBuilderOptionsConditions<T, IReadOnlyList<string>> AllParse<T, TValue>(
        this IRuleBuilder<T, IReadOnlyList<string>> rule, Parser<TValue> tryParse) =>
        rule.Custom((texts, context) =>
        {
            for (var i = 0; i < texts.Count; i++)
            {
                if (!tryParse(texts[i], out _, out var violation))
                    context.AddFailures([violation! with { Path = $"/{i}" }]);
            }
        });

    public static void AddFailures<T>(this ValidationContext<T> context, IReadOnlyList<Violation> violations)
    {
        foreach (var violation in violations)
        {
            context.AddFailure(new ValidationFailure(context.PropertyPath, violation.Detail)
            {
                ErrorCode = violation.Code,
                CustomState = violation.Path, // see ValidationBehavior
            });
        }
    }

    private static void Check<T, TValue>(this ValidationContext<T> context, string text, Parser<TValue> tryParse)
    {
        if (!tryParse(text, out _, out var violation))
            context.AddFailures([violation!]);
    }

    private static ValidationFailure Failure(string path, string code, string rule)
    {
        var member = InputError.MemberOf(path);
        return new(path, $"The {member} {rule}.") { ErrorCode = $"{member}.{code}" };
    }
}
