using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Tool.Bench.Frames;

/// <summary>Takes every symbol, one behind the other, in a ring of memory.</summary>
internal sealed class RingSink : ISymbolSink
{
    private const int RingBytes = 1024 * 1024;

    private readonly byte[] _memory = GC.AllocateArray<byte>(RingBytes, pinned: true);
    private int _next;

    /// <summary>Symbols filled.</summary>
    public long Filled { get; private set; }

    /// <summary>Where the first symbol lies that was filled since the caller set this to -1.</summary>
    public int FirstOffset { get; set; } = -1;

    /// <inheritdoc/>
    public Span<byte> Memory => _memory;

    /// <inheritdoc/>
    public void Enter(ZoneIdHash zone, NodeId source)
    {
        // one source, one zone
    }

    /// <inheritdoc/>
    public FcpStatus Reserve(ObjectId objectId, int symbolBytes, uint esi, ushort k, out SymbolSlot slot)
    {
        if (RingBytes - _next < symbolBytes) _next = 0;
        slot = new SymbolSlot(0, _next);
        _next += symbolBytes;
        return FcpStatus.Accepted;
    }

    /// <inheritdoc/>
    public void Fill(SymbolSlot slot)
    {
        Filled++;
        if (FirstOffset < 0) FirstOffset = slot.Offset;
    }

    /// <inheritdoc/>
    public void Release(SymbolSlot slot)
    {
        // the place is taken again when the ring comes round
    }
}
