using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace UserCqrs.Infrastructure.Sqlite;

/// <summary>Makes files, and their names, last beyond a power failure.</summary>
internal static class Disk
{
    /// <summary>Waits until the disk has a file, or the names in a folder. A rename lasts only when its folder is flushed (fsync(2)).</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return; // there is no such call for folders, and NTFS keeps its own journal of names

        // .NET opens no folders (dotnet/runtime refuses them in File.OpenHandle), but flushes them.
        using var handle = Open(Encoding.UTF8.GetBytes($"{path}\0"), flags: 0); // O_RDONLY
        if (handle.IsInvalid)
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern SafeFileHandle Open(byte[] path, int flags);
}
