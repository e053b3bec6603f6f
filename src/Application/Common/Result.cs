namespace UserCqrs.Application.Common;

/// <summary>The part of a result that the pipeline uses without knowing the type of its value.</summary>
/// <typeparam name="TSelf">The result itself.</typeparam>
public interface IResult<TSelf> where TSelf : IResult<TSelf>
{
    /// <summary>Why there is no value; <c>null</c> on success.</summary>
    Error? Error { get; }

    /// <summary>A result without a value.</summary>
    static abstract TSelf Failed(Error error);
}

/// <summary>A value, or the error that explains why there is none. Errors are not exceptions, because those are slow.</summary>
public readonly struct Result<T> : IResult<Result<T>>
{
    private readonly T? _value;

    /// <summary>Success.</summary>
    public Result(T value) => _value = value;

    private Result(Error error) => Error = error;

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>The value of a success.</summary>
    /// <exception cref="InvalidOperationException">The result is an error.</exception>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"No value, but {Error.Kind}.");

    /// <inheritdoc/>
    public static Result<T> Failed(Error error) => new(error);

    /// <summary>Converts the value or the error.</summary>
    public TOut Match<TOut>(Func<T, TOut> succeeded, Func<Error, TOut> failed) =>
        Error is null ? succeeded(_value!) : failed(Error);

    /// <summary>Success.</summary>
    public static implicit operator Result<T>(T value) => new(value);

    /// <summary>Failure.</summary>
    public static implicit operator Result<T>(Error error) => new(error);
}
