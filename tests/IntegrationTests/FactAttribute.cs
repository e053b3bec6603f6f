using System.Runtime.CompilerServices;

namespace UserCqrs.IntegrationTests;

/// <summary>A test that fails after two minutes instead of holding up all others for ever. It hides the attribute of xunit.</summary>
public sealed class FactAttribute : Xunit.FactAttribute
{
    /// <summary>Milliseconds; far beyond what a test takes on a slow machine.</summary>
    public const int Patience = 120_000;

    public FactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = Patience;

    /// <summary>The environment variable that asks for a larger test, which may then take any time.</summary>
    public string? SizedBy
    {
        get;
        set => (field, Timeout) = (value, IsSet(value) ? 0 : Patience);
    }

    internal static bool IsSet(string? variable) => variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
