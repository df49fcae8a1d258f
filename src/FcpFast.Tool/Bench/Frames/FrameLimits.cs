using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Bench.Frames;

/// <summary>How frames of a batch are laid into slabs.</summary>
internal static class FrameLimits
{
    /// <summary>The largest datagram.</summary>
    public const int DatagramBytesMax = WireLimits.DatagramBytesMax;

    /// <summary>Frames of one symbol that a slab takes: as many as fit, and as one system call sends.</summary>
    public static int FramesPerSlab(int symbolBytes) =>
        Math.Min(UdpPort.DatagramsPerRunMax, BatchLimits.SlabBytes / SlabLayout.DatagramBytes(symbolBytes));
}
