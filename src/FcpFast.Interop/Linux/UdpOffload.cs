using System;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Linux;

/// <summary>Many datagrams a system call on one UDP socket: segmentation when sending, coalescing and several slabs when receiving.</summary>
/// <remarks>
/// Shape:   equal-size datagrams side by side, the last may be shorter.
/// Errors:  a <see cref="UdpStatus"/>; nothing that a peer sends throws.
/// Threads: one sender and one receiver at a time.
/// Cost:    one system call and no allocation each.
/// Source:  [Linux udp(7)] (UDP_SEGMENT, UDP_GRO), [DESIGN §2] (why).
/// </remarks>
public sealed partial class UdpOffload
{
    /// <summary>The most slabs of one <see cref="ReceiveMany"/>.</summary>
    public const int SlabsPerReceiveMax = 64;

    private readonly SafeSocketHandle _socket;
    private readonly NetFamily _family;

    private UdpOffload(SafeSocketHandle socket, NetFamily family, int slabsPerReceive)
    {
        _socket = socket;
        _family = family;
        _headers = GC.AllocateArray<BatchHeader>(slabsPerReceive, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(slabsPerReceive, pinned: true);
        _names = GC.AllocateArray<byte>(slabsPerReceive * NameBytes, pinned: true);
        _controls = GC.AllocateArray<byte>(slabsPerReceive * ControlBytes, pinned: true);
        PointHeaders();
    }

    /// <summary>Prepares a bound socket; null if this system or this socket cannot do it.</summary>
    /// <param name="socket">The socket; stays the caller's.</param>
    /// <param name="family">Its family.</param>
    /// <param name="slabsPerReceive">The most slabs that one call fills.</param>
    /// <param name="fault">Why not: expected, found and the remedy; empty on success.</param>
    /// <remarks>Cost: the first call of a process sends three small datagrams to itself over loopback, to see that all of it really works.</remarks>
    public static UdpOffload? Open(SafeSocketHandle socket, NetFamily family, int slabsPerReceive, out string fault)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (slabsPerReceive is < 1 or > SlabsPerReceiveMax) ThrowHelper.BadArgument(nameof(slabsPerReceive), "1 to 64 slabs a call");
        fault = LinuxGate.Fault ?? UdpSelfTest.Fault ?? "";
        return fault.Length == 0 ? OpenUntested(socket, family, slabsPerReceive, out fault) : null;
    }

    /// <summary>As <see cref="Open"/>, without the gate and the self-test, which calls this.</summary>
    internal static UdpOffload? OpenUntested(SafeSocketHandle socket, NetFamily family, int slabsPerReceive, out string fault)
    {
        int errno = ReadOption(socket, Libc.SOL_UDP, Libc.UDP_SEGMENT);
        if (errno != 0)
        {
            fault = Missing("UDP_SEGMENT (Linux 4.18)", errno);
            return null;
        }

        errno = WriteOption(socket, Libc.SOL_UDP, Libc.UDP_GRO, 1);
        if (errno != 0)
        {
            fault = Missing("UDP_GRO (Linux 5.0)", errno);
            return null;
        }

        fault = "";
        return new UdpOffload(socket, family, slabsPerReceive);
    }

    private static string Missing(string option, int errno) => string.Create(CultureInfo.InvariantCulture,
        $"Expected: a kernel with {option}. Found: error {errno}. Remedy: a newer kernel; until then datagrams are sent one by one.");

    private static unsafe int ReadOption(SafeSocketHandle socket, int level, int name)
    {
        using var lease = new HandleLease(socket);
        int value = 0;
        uint valueBytes = sizeof(int);

        // SAFETY: both pointers are to locals, valueBytes tells the length of the first.
        return Libc.getsockopt(lease.Descriptor, level, name, &value, &valueBytes) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    private static unsafe int WriteOption(SafeSocketHandle socket, int level, int name, int value)
    {
        using var lease = new HandleLease(socket);

        // SAFETY: a pointer to an argument of the length given.
        return Libc.setsockopt(lease.Descriptor, level, name, &value, sizeof(int)) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }
}
