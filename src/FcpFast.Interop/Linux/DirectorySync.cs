using System;
using System.Text;

namespace FcpFast.Interop.Linux;

/// <summary>Makes names in a folder durable.</summary>
/// <remarks>Threads: any. Source: [REPLAY §5.3] (the folder after a creation); fsync(2).</remarks>
public static class DirectorySync
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>Flushes a folder, so that a rename in it survives a loss of power. Nothing on systems other than Linux; best effort.</summary>
    /// <returns>False if the system refused.</returns>
    public static unsafe bool Flush(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!OperatingSystem.IsLinux()) return true;
        byte[] path = new byte[Encoding.UTF8.GetByteCount(folder) + 1];
        Encoding.UTF8.GetBytes(folder, path);
        int descriptor;

        // SAFETY: the path ends in a zero byte and is fixed for the call.
        fixed (byte* p = path) descriptor = Libc.open(p, ReadOnly | CloseOnExec);
        if (descriptor < 0) return false;
        bool flushed = Libc.fsync(descriptor) == 0;
        return (Libc.close(descriptor) == 0) & flushed;
    }
}
