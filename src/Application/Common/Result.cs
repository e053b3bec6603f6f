namespace UserCqrs.Application.Common;

/// <summary>What the pipeline needs to know of every result without knowing its value.</summary>
/// <typeparam name="TSelf">The result itself.</typeparam>
public interface IResult<TSelf> where TSelf : IResult<TSelf>
{
    /// <summary>Why there is no value; <c>null</c> on success.</summary>
    Error? Error { get; }

    /// <summary>A result without a value.</summary>
    static abstract TSelf Failed(Error error);
}

/// <summary>A value, or the reason why there is none. A refusal is no exception: it must not be the slow path.</summary>
public readonly struct Result<T> : IResult<Result<T>>
{
    private readonly T? _value;

    /// <summary>Success.</summary>
    public Result(T value) => _value = value;

    private Result(Error error) => Error = error;

    /// <inheritdoc/>
    public Error? Error { get; }

    /// <summary>The value of a success.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => Error is null ? _value! : throw new InvalidOperationException($"No value, but {Error.Kind}.");

    /// <inheritdoc/>
    public static Result<T> Failed(Error error) => new(error);

    /// <summary>The one or the other.</summary>
    public TOut Match<TOut>(Func<T, TOut> succeeded, Func<Error, TOut> failed) =>
        Error is null ? succeeded(_value!) : failed(Error);

    /// <summary>Success.</summary>
    public static implicit operator Result<T>(T value) => new(value);

    /// <summary>Failure.</summary>
    public static implicit operator Result<T>(Error error) => new(error);
}
