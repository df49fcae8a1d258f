using System;
using FcpFast.Interop.Linux;
using FcpFast.Interop.Memory;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Udp;

/// <summary>How a port is opened.</summary>
public sealed record UdpPortOptions
{
    /// <summary>Bytes asked for in each of the socket's buffers unless configured otherwise.</summary>
    public const int SocketBufferBytesDefault = 4 * 1024 * 1024;

    /// <summary>Where to listen; port 0 lets the system choose.</summary>
    public required NetAddress Local { get; init; }

    /// <summary>Whether to use segmentation offload.</summary>
    public OffloadChoice Offload { get; init; } = OffloadChoice.Auto;

    /// <summary>Asked for; the system may grant less (<see cref="UdpPort.ReceiveBufferBytes"/>).</summary>
    public int ReceiveBufferBytes { get; init; } = SocketBufferBytesDefault;

    /// <summary>Asked for; the system may grant less (<see cref="UdpPort.SendBufferBytes"/>).</summary>
    public int SendBufferBytes { get; init; } = SocketBufferBytesDefault;

    /// <summary>The most slabs that one receive call fills, 1 to 64. With offload so many are kept rented, ready for the kernel.</summary>
    public int SlabsPerReceive { get; init; } = 8;

    /// <summary>Joins the ports that share an address already; <see cref="UdpPort.OpenShared"/> sets it.</summary>
    internal bool SharesAddress { get; init; }

    /// <summary>Another port of the same thread, for which <see cref="UdpPort.Wait"/> waits, too; null for none. Linux only.</summary>
    public UdpPort? Beside { get; init; }

    /// <summary>How much of a slab is used when receiving; less only in tests of truncation.</summary>
    internal int ReceiveBytes { get; init; } = PinnedSlab.SlabBytes;

    /// <summary>Waits as other systems do; for tests on Linux.</summary>
    internal bool WaitsPortably { get; init; }

    internal void Require()
    {
        if (!Local.IsSpecified) ThrowHelper.BadArgument(nameof(Local), "an address to listen at");
        if (SlabsPerReceive is < 1 or > UdpOffload.SlabsPerReceiveMax) ThrowHelper.BadArgument(nameof(SlabsPerReceive), "1 to 64 slabs");
        if (ReceiveBufferBytes < 0) ThrowHelper.BadArgument(nameof(ReceiveBufferBytes), "not negative");
        if (SendBufferBytes < 0) ThrowHelper.BadArgument(nameof(SendBufferBytes), "not negative");
        if (Beside is not null && (WaitsPortably || !Poller.IsSupported)) throw new PlatformNotSupportedException("Waiting for two ports needs 64-bit Linux. Remedy: one shard.");
    }
}
