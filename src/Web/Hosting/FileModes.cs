using System.Runtime.InteropServices;

namespace UserCqrs.Web.Hosting;

/// <summary>The permissions of the files that this process creates.</summary>
internal static class FileModes
{
    /// <summary>
    /// Makes every file that the process creates readable and writable only by its own account (0600): databases, their journals,
    /// keys, backups, and a Unix domain socket that it listens on (0700). Existing files keep their mode.
    /// </summary>
    public static void KeepFromOthers()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetMask(0b000_111_111);
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint mask);
}
