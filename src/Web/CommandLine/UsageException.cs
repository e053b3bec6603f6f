namespace UserCqrs.Web.CommandLine;

/// <summary>The command line is invalid. The message is one line. It says what is wrong and how to get help.</summary>
internal sealed class UsageException(string message)
    : Exception(
        $"{message.ReplaceLineEndings(" ")}{(message.Contains("--help", StringComparison.Ordinal) ? "" : " See --help.")}")
{
    /// <summary>EX_USAGE of sysexits.h.</summary>
    public const int ExitCode = 64;
}
