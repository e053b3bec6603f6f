using FluentValidation;
using FluentValidation.Results;
using UserCqrs.Domain;

namespace UserCqrs.Application.Users;

/// <summary>The domain's rules for a user's members, in the validators' words. An absent member breaks only <see cref="IsGiven"/>.</summary>
internal static class UserRules
{
    private delegate bool Parser<TValue>(string text, out TValue? value, out Violation? violation);

    public static IRuleBuilderOptions<T, string?> IsGiven<T>(this IRuleBuilder<T, string?> rule, string member) =>
        rule.NotNull().WithErrorCode($"{member}.required").WithMessage($"The {member} is required.");

    public static void IsName<T>(this IRuleBuilder<T, string?> rule) => rule.Parses<T, UserName>(UserName.TryParse);

    public static void IsEmail<T>(this IRuleBuilder<T, string?> rule) => rule.Parses<T, EmailAddress>(EmailAddress.TryParse);

    private static void Parses<T, TValue>(this IRuleBuilder<T, string?> rule, Parser<TValue> tryParse) =>
        rule.Custom((text, context) =>
        {
            if (text is not null && !tryParse(text, out _, out var violation))
                context.AddFailure(new ValidationFailure(context.PropertyPath, violation!.Detail) { ErrorCode = violation.Code });
        });
}
