using System.Diagnostics.CodeAnalysis;

namespace UserCqrs.Domain;

/// <summary>A value that was given, or none: in JSON, a member that is absent, which is not the same as one that is null.</summary>
public readonly record struct Optional<T>
{
    private readonly T? _value;

    /// <summary>A value that was given.</summary>
    public Optional(T value) => (_value, IsGiven) = (value, true);

    /// <summary>Whether there is a value. <c>default</c> has none.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsGiven { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => IsGiven ? _value! : throw new InvalidOperationException("No value was given.");

    /// <summary>What the value becomes, if there is one.</summary>
    public Optional<TOut> Select<TOut>(Func<T, TOut> convert) => IsGiven ? new(convert(_value!)) : default;

    /// <summary>A value that was given.</summary>
    public static implicit operator Optional<T>(T value) => new(value);
}
