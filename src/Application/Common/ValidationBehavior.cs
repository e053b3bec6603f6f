using FluentValidation;
using MediatR;

namespace UserCqrs.Application.Common;

/// <summary>Validates the input of a message before its handler runs, and reports all errors at once.</summary>
internal sealed class ValidationBehavior<TMessage, TResult>(IEnumerable<IValidator<TMessage>> validators)
    : IPipelineBehavior<TMessage, TResult>
    where TMessage : IMessage, IRequest<TResult>
    where TResult : IResult<TResult>
{
    public Task<TResult> Handle(TMessage request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next) =>
        ValidationErrors.Of(validators, request, request.Unreadable) is { } errors
            ? Task.FromResult(TResult.Failed(Error.Invalid(errors)))
            : next();
}

/// <summary>The errors that validators find.</summary>
internal static class ValidationErrors
{
    /// <summary>
    /// The errors of an input, and those of the members that could not be read, for which validators are not asked. <c>null</c>
    /// if there are none.
    /// </summary>
    public static List<InputError>? Of<T>(
        IEnumerable<IValidator<T>> validators, T input, IReadOnlyList<InputError> unreadable)
    {
        List<InputError>? errors = unreadable.Count == 0 ? null : [.. unreadable];
        foreach (var validator in validators)
        {
            foreach (var failure in validator.Validate(input).Errors)
            {
                var member = InputError.MemberOf(failure.PropertyName);
                if (!unreadable.Any(error => error.Member == member))
                    (errors ??= []).Add(
                        new(member, failure.ErrorCode, failure.ErrorMessage, Path: failure.CustomState as string ?? ""));
            }
        }

        return errors;
    }
}
