using System.Globalization;

namespace UserCqrs.Web.Hosting;

/// <summary>How many files, connections among them, the system lets this process have open (RLIMIT_NOFILE).</summary>
internal static class OpenFiles
{
    /// <summary>
    /// How many of them are not for connections. The runtime opens each assembly twice, which is about 300; a reader of SQLite
    /// opens two, and the pools of PostgreSQL 60. A runtime that cannot open a file that it needs may end the process.
    /// </summary>
    public const int Reserved = 450;

    private const string LimitsFile = "/proc/self/limits"; // proc_pid_limits(5): name, soft limit, hard limit, unit

    /// <summary>The soft limit, which the .NET runtime has raised to the hard one; <c>null</c>: none, or none that is known.</summary>
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
