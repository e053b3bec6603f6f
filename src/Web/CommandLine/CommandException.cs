namespace UserCqrs.Web.CommandLine;

/// <summary>A command could not do its work. The message is for its user.</summary>
internal class CommandException(int exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The exit code, as in sysexits.h.</summary>
    public int ExitCode => exitCode;

    /// <summary>The service or the database does not answer, or not to this request (EX_UNAVAILABLE).</summary>
    public static CommandException Unavailable(string message, Exception? innerException = null) =>
        new(69, message, innerException);

    /// <summary>A file cannot be read or written (EX_IOERR).</summary>
    public static CommandException InputOutput(string message, Exception? innerException = null) =>
        new(74, message, innerException);

    /// <summary>The service does not allow this caller to do this (EX_NOPERM).</summary>
    public static CommandException NotAllowed(string message) => new(77, message);

    /// <summary>The user has interrupted the command: 128 and the number of SIGINT, as shells report it.</summary>
    public static CommandException Interrupted(string message) => new(130, message);
}

/// <summary>
/// The command line is invalid (EX_USAGE). The message is one line. It says what is wrong and how to get help.
/// </summary>
internal sealed class UsageException(string message)
    : CommandException(
        64, $"{message.ReplaceLineEndings(" ")}{(message.Contains("--help", StringComparison.Ordinal) ? "" : " See --help.")}");
