using System.Text.Json;

namespace UserCqrs.Application.Common;

/// <summary>The part of a result that the pipeline uses without knowing the type of its value.</summary>
/// <typeparam name="TSelf">The result itself.</typeparam>
public interface IResult<TSelf> where TSelf : IResult<TSelf>
{
    /// <summary>Why there is no value; <c>null</c> on success.</summary>
    Error? Error { get; }

    /// <summary>Whether the changes are rolled back although the command succeeded.</summary>
    bool IsDiscarded { get; }

    /// <summary>A result without a value.</summary>
    static abstract TSelf Failed(Error error);

    /// <summary>The result of a command that was executed before, from <see cref="ToJson"/>.</summary>
    static abstract TSelf Replayed(string json);

    /// <summary>The value of a success as JSON.</summary>
    string ToJson();
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

    /// <summary>Whether the command was not executed now, but before; see <see cref="IIdempotentCommand"/>.</summary>
    public bool IsReplayed { get; private init; }

    /// <inheritdoc/>
    public bool IsDiscarded { get; init; }

    /// <inheritdoc/>
    public static Result<T> Failed(Error error) => new(error);

    /// <inheritdoc/>
    public static Result<T> Replayed(string json) => new(JsonSerializer.Deserialize<T>(json)!) { IsReplayed = true };

    /// <inheritdoc/>
    public string ToJson() => JsonSerializer.Serialize(Value);

    /// <summary>Converts the value or the error.</summary>
    public TOut Match<TOut>(Func<T, TOut> succeeded, Func<Error, TOut> failed) =>
        Error is null ? succeeded(_value!) : failed(Error);

    /// <summary>Success.</summary>
    public static implicit operator Result<T>(T value) => new(value);

    /// <summary>Failure.</summary>
    public static implicit operator Result<T>(Error error) => new(error);
}
