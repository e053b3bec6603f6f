namespace UserCqrs.Domain;

/// <summary>A value that may be absent. It distinguishes a JSON member that is absent from one that is null.</summary>
public readonly record struct Optional<T>
{
    private readonly T? _value;

    /// <summary>A value that was given.</summary>
    public Optional(T value) => (_value, IsGiven) = (value, true);

    /// <summary>Whether a value was given. <c>default</c> has none.</summary>
    public bool IsGiven { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">No value was given.</exception>
    public T Value => IsGiven ? _value! : throw new InvalidOperationException("No value was given.");

    /// <summary>Converts the value, if one was given.</summary>
    public Optional<TOut> Select<TOut>(Func<T, TOut> convert) => IsGiven ? new(convert(_value!)) : default;

    /// <summary>A value that was given.</summary>
    public static implicit operator Optional<T>(T value) => new(value);
}
