using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Where opened symbols go: objects in assembly.</summary>
/// <remarks>
/// Shape:   a place is reserved empty, then filled once or released; a second symbol for a place that is reserved or filled is refused.
/// Threads: the batch's owner.
/// Cost:    O(1) a symbol, no allocation.
/// Source:  [WIRE §17] (a symbol is opened only into an empty slot).
/// </remarks>
public interface ISymbolSink
{
    /// <summary>The memory that <see cref="SymbolSlot.Offset"/> points into; pinned.</summary>
    Span<byte> Memory { get; }

    /// <summary>Says whose objects the next symbols may belong to; once a run of frames.</summary>
    void Enter(ZoneIdHash zone, NodeId source);

    /// <summary>Reserves the place of a symbol.</summary>
    /// <returns><c>Accepted</c>, <c>UnknownObject</c>, <c>InvalidK</c>, <c>SymbolSizeOutOfRange</c>, <c>InvalidEsi</c>, <c>SlotFilled</c> or <c>NoRoom</c>.</returns>
    FcpStatus Reserve(ObjectId objectId, int symbolBytes, uint esi, ushort k, out SymbolSlot slot);

    /// <summary>The place holds the opened symbol now.</summary>
    void Fill(SymbolSlot slot);

    /// <summary>The place is empty again; the memory behind it was zeroed.</summary>
    void Release(SymbolSlot slot);
}
