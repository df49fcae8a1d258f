using System;
using FcpFast.Interop.Memory;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;

namespace FcpFast.Transport.Udp;

/// <summary>A run of datagrams from or for one peer, side by side in a slab of pinned memory.</summary>
/// <remarks>
/// Shape:   <see cref="Count"/> datagrams of <see cref="DatagramBytes"/> bytes, the last may be shorter; <see cref="Bytes"/> in all.
/// Errors:  <see cref="InvalidOperationException"/> when it is used after <see cref="Return"/>, or returned twice.
/// Threads: one holder at a time.
/// Cost:    rented from a <see cref="DatagramSlabPool"/>, no allocation.
/// </remarks>
public sealed class DatagramSlab
{
    /// <summary>The most bytes of a run.</summary>
    public const int CapacityBytes = PinnedSlab.SlabBytes;

    private readonly DatagramSlabPool _pool;
    private PinnedSlab? _slab;

    internal DatagramSlab(DatagramSlabPool pool) => _pool = pool;

    /// <summary>The whole memory of the slab.</summary>
    public Span<byte> Buffer => Slab.Span;

    /// <summary>The whole memory of the slab, for those who cannot hold a span.</summary>
    public Memory<byte> Memory => Slab.Memory;

    /// <summary>The datagrams.</summary>
    public Span<byte> Filled => Slab.Span[..Bytes];

    /// <summary>Bytes of all datagrams.</summary>
    public int Bytes { get; private set; }

    /// <summary>Bytes of each datagram but perhaps the last.</summary>
    public int DatagramBytes { get; private set; }

    /// <summary>How many datagrams there are.</summary>
    public int Count => Bytes == 0 ? 0 : ((Bytes - 1) / DatagramBytes) + 1;

    /// <summary>Where they come from or go to.</summary>
    public NetAddress Peer { get; private set; }

    internal PinnedSlab Slab
    {
        get
        {
            Invariant.Require(_slab is not null, "a slab is not used after its return");
            return _slab;
        }
    }

    /// <summary>One datagram.</summary>
    public Span<byte> Datagram(int index)
    {
        if (index < 0 || index >= Count) ThrowHelper.BadArgument(nameof(index), "below Count");
        int offset = index * DatagramBytes;
        return Slab.Span[offset..Math.Min(offset + DatagramBytes, Bytes)];
    }

    /// <summary>Says what the buffer now holds.</summary>
    /// <param name="bytes">Bytes of all datagrams.</param>
    /// <param name="datagramBytes">Bytes of each but perhaps the last.</param>
    /// <param name="peer">Where they come from or go to.</param>
    public void Fill(int bytes, int datagramBytes, in NetAddress peer)
    {
        if (bytes is < 0 or > CapacityBytes) ThrowHelper.BadArgument(nameof(bytes), "0 to 65,536 bytes");
        if (datagramBytes is < 1 or > CapacityBytes) ThrowHelper.BadArgument(nameof(datagramBytes), "1 to 65,536 bytes");
        Bytes = bytes;
        DatagramBytes = datagramBytes;
        Peer = peer;
    }

    /// <summary>Gives the slab back to its pool; the holder must not touch it again.</summary>
    public void Return() => _pool.Return(this);

    internal void Attach(PinnedSlab slab)
    {
        _slab = slab;
        Bytes = 0;
    }

    internal PinnedSlab Detach()
    {
        PinnedSlab? slab = _slab;
        Invariant.Require(slab is not null, "a slab is returned once");
        _slab = null;
        return slab;
    }
}
