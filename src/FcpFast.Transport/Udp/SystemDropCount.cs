using System;
using System.Net.Sockets;

namespace FcpFast.Transport.Udp;

/// <summary>Asks the system what it dropped of a socket's datagrams because the buffer was full.</summary>
/// <remarks>Source: Linux SO_MEMINFO, SK_MEMINFO_DROPS; other systems do not tell.</remarks>
public static class SystemDropCount
{
    private const int SocketLevel = 1, MemoryInfo = 55, DropsOffset = 8 * sizeof(uint);

    /// <summary>The count since the socket was made; 0 where the system does not tell.</summary>
    /// <remarks>
    /// Units: as the kernel counts, in 32 bits; a run that came joined may count as one.
    /// Cost:  one system call.
    /// </remarks>
    public static long Of(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (!OperatingSystem.IsLinux()) return 0;
        Span<byte> figures = stackalloc byte[DropsOffset + sizeof(uint)];
        try
        {
            int bytes = socket.GetRawSocketOption(SocketLevel, MemoryInfo, figures);
            return bytes < figures.Length ? 0 : BitConverter.ToUInt32(figures[DropsOffset..]); // in the machine's own order
        }
        catch (SocketException)
        {
            return 0; // before Linux 4.12
        }
    }
}
