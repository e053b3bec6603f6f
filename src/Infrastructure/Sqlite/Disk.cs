using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>File operations that .NET lacks: identifying files, and making them survive a power failure.</summary>
internal static class Disk
{
    /// <summary>
    /// Flushes the content of a file, or the names in a folder, to the disk. A rename is durable only after its folder is flushed
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

    /// <summary>
    /// The file that a path names, and how many names the file has (statx(2)); <c>null</c> if there is no file, or not on Linux.
    /// </summary>
    public static (ulong Inode, uint Names)? Identify(string path)
    {
        const int currentFolder = -100; // AT_FDCWD
        const uint inodeAndNames = 0x100 | 0x4; // STATX_INO, STATX_NLINK
        var result = new byte[256];
        return OperatingSystem.IsLinux()
            && Stat(currentFolder, Encoding.UTF8.GetBytes($"{path}\0"), flags: 0, inodeAndNames, result) == 0
            ? (BitConverter.ToUInt64(result, 32), BitConverter.ToUInt32(result, 16))
            : null;
    }

    /// <summary>Whether this process may write to a file or to the names in a folder (access(2)). Opens nothing.</summary>
    public static bool MayWrite(string path)
    {
        const int write = 2; // W_OK
        return OperatingSystem.IsWindows() || Access(Encoding.UTF8.GetBytes($"{path}\0"), write) == 0;
    }

    [DllImport("libc", EntryPoint = "access")]
    private static extern int Access(byte[] path, int mode);

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Stat(int folder, byte[] path, int flags, uint mask, byte[] result);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern SafeFileHandle Open(byte[] path, int flags);
}
