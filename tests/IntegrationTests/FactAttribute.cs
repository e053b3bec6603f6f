using System.Runtime.CompilerServices;

namespace UserCqrs.IntegrationTests;

/// <summary>A test that fails after two minutes instead of holding up all others for ever. It hides the attribute of xunit.</summary>
public sealed class FactAttribute : Xunit.FactAttribute
{
    /// <summary>Milliseconds; far beyond what a test takes on a slow machine.</summary>
    public const int DefaultTimeout = 120_000;

    public FactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = DefaultTimeout;
}
