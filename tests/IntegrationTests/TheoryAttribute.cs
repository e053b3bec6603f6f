using System.Runtime.CompilerServices;

namespace UserCqrs.IntegrationTests;

/// <summary>A <see cref="FactAttribute"/> with parameters.</summary>
public sealed class TheoryAttribute : Xunit.TheoryAttribute
{
    public TheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = FactAttribute.Patience;

    /// <inheritdoc cref="FactAttribute.SizedBy"/>
    public string? SizedBy
    {
        get;
        set => (field, Timeout) = (value, FactAttribute.IsSet(value) ? 0 : FactAttribute.Patience);
    }
}
