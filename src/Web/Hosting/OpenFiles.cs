using System.Globalization;

namespace UserCqrs.Web.Hosting;

/// <summary>The number of files, connections included, that the system lets this process open (RLIMIT_NOFILE).</summary>
internal static class OpenFiles
{
    /// <summary>
    /// The number of files that are reserved for other purposes than connections of clients. The runtime opens each assembly
    /// twice, which is about 300 files; a SQLite reader opens two, and the PostgreSQL pools open about 60. If the runtime
    /// cannot open a file that it needs, it may end the process.
    /// </summary>
    public const int Reserved = 450;

    private const string LimitsFile = "/proc/self/limits"; // proc_pid_limits(5): name, soft limit, hard limit, unit

    /// <summary>
    /// The soft limit, which the .NET runtime has raised to the hard limit; <c>null</c> if there is none or it is unknown.
    /// </summary>
    public static long? Limit()
    {
        const string name = "Max open files";
        if (!File.Exists(LimitsFile))
            return null;
        var line = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
