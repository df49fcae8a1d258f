using System;
using System.Threading;

namespace FcpFast.Transport.Udp;

/// <summary>One counter per <see cref="UdpCount"/>.</summary>
/// <remarks>
/// Threads: one writer, the pump; any thread may read and sees each counter whole, though not all of them at one moment.
/// Cost:    one addition a count, no allocation.
/// </remarks>
public sealed class UdpCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<UdpCount>().Length];

    /// <summary>A count so far.</summary>
    public long this[UdpCount count] => Volatile.Read(ref _counts[(int)count]);

    internal void Add(UdpCount count, long times = 1)
    {
        ref long value = ref _counts[(int)count];
        Volatile.Write(ref value, unchecked(value + times)); // 2^63 bytes do not pass one port
    }

    internal void AddReceived(DatagramSlab slab)
    {
        Add(UdpCount.SlabsReceived);
        Add(UdpCount.DatagramsReceived, slab.Count);
        Add(UdpCount.BytesReceived, slab.Bytes);
    }

    internal void AddSent(int bytes, int datagrams)
    {
        Add(UdpCount.SendCalls);
        Add(UdpCount.DatagramsSent, datagrams);
        Add(UdpCount.BytesSent, bytes);
    }
}
