using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Makes files and their names survive a power failure.</summary>
internal static class Disk
{
    /// <summary>
    /// Writes a file's content, or the names in a folder, to the disk. A rename is durable only after its folder is flushed
    /// (fsync(2)).
    /// </summary>
    /// <exception cref="IOException">The path cannot be opened, or the disk reports an error.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return; // Windows cannot flush a folder; NTFS journals renames itself

        // File.OpenHandle refuses folders; RandomAccess.FlushToDisk accepts them.
        using var handle = Open(Encoding.UTF8.GetBytes($"{path}\0"), flags: 0); // O_RDONLY
        if (handle.IsInvalid)
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern SafeFileHandle Open(byte[] path, int flags);
}
