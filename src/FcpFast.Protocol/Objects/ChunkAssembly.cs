using System.Collections.Generic;
using System.Runtime.CompilerServices;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>One chunk that was announced and is not complete: which of its symbols are in their places.</summary>
/// <remarks>
/// Shape:   memory is taken with the first symbol, which also fixes the symbol size; it is given back when the last symbol leaves.
/// Threads: the owner of its <see cref="AssemblyTable"/>.
/// Source:  [WIRE §17], [WIRE §18] (K of at most 256).
/// </remarks>
public sealed class ChunkAssembly
{
    private const int BitsPerWord = 64;

    private readonly List<ChunkPlace> _places = new(1);
    private SymbolBits _held;

    internal ChunkAssembly(int index) => Index = index;

    /// <summary>The chunk's id.</summary>
    public ObjectId Id { get; private set; }

    /// <summary>Bytes of the chunk.</summary>
    public int ChunkBytes { get; private set; }

    /// <summary>Where it is to be delivered: the places in segments that list it, the same id may stand in several.</summary>
    public IReadOnlyList<ChunkPlace> Places => _places;

    /// <summary>Data bytes of its symbols; 0 while none has come.</summary>
    public int SymbolBytes { get; internal set; }

    /// <summary>How many symbols it needs at that size; 0 while none has come.</summary>
    public int K { get; internal set; }

    /// <summary>Where it lies in the arena, while it has memory.</summary>
    public int Offset { get; internal set; }

    /// <summary>Symbols in their places.</summary>
    public int FilledCount { get; internal set; }

    /// <summary>When a symbol was filled first; 0 while none has come.</summary>
    public long FirstFilledTicks { get; internal set; }

    /// <summary>When a symbol was filled last; 0 while none has come.</summary>
    public long LastFilledTicks { get; internal set; }

    /// <summary>True if it has memory in the arena.</summary>
    public bool HasMemory => SymbolBytes > 0;

    /// <summary>Places that the store was asked to write, the first ones of <see cref="Places"/>.</summary>
    internal int WrittenPlaces { get; set; }

    /// <summary>Writes that the store has not answered.</summary>
    internal int PendingWrites { get; set; }

    /// <summary>True if it was complete and its bytes were not what its id says.</summary>
    internal bool IsDoubtful { get; set; }

    /// <summary>The chunks of its source, while it is announced; null while it is not.</summary>
    internal SourceChunks? Owner { get; private set; }

    /// <summary>The chunk of the same source that took memory before this one.</summary>
    internal ChunkAssembly? Older { get; set; }

    /// <summary>The one that took memory after this one.</summary>
    internal ChunkAssembly? Newer { get; set; }

    /// <summary>Memory that it holds.</summary>
    internal int MemoryBytes => K * SymbolBytes;

    /// <summary>True if its symbols may be thrown away to be sent again: none is being opened, and it waits for more.</summary>
    internal bool IsIdle => !IsComplete && HeldCount == FilledCount && PendingWrites == 0;

    internal int Index { get; }

    /// <summary>Places reserved or filled.</summary>
    internal int HeldCount { get; private set; }

    internal bool IsComplete => K > 0 && FilledCount == K;

    /// <summary>True if the symbol is in its place or being opened into it.</summary>
    public bool Holds(int symbol) => (_held[symbol / BitsPerWord] & (1ul << (symbol % BitsPerWord))) != 0;

    internal void Bind(SourceChunks owner, ObjectId id, int chunkBytes, IncomingSegment segment, int chunkNumber)
    {
        Owner = owner;
        Id = id;
        ChunkBytes = chunkBytes;
        AddPlace(segment, chunkNumber);
        Reset();
    }

    internal void AddPlace(IncomingSegment segment, int chunkNumber) => _places.Add(new ChunkPlace(segment, chunkNumber));

    /// <summary>Takes away the places of a segment that is given up; true if nobody waits for the chunk any more.</summary>
    internal bool RemovePlaces(IncomingSegment segment)
    {
        for (int i = _places.Count - 1; i >= 0; i--)
        {
            if (_places[i].Segment != segment) continue;
            _places.RemoveAt(i);
            if (i < WrittenPlaces) WrittenPlaces--;
        }

        return _places.Count == 0;
    }

    internal void Unbind()
    {
        _places.Clear();
        Owner = null;
        IsDoubtful = false;
        Id = default;
        WrittenPlaces = 0;
        Reset();
    }

    internal void Reset()
    {
        SymbolBytes = 0;
        K = 0;
        Offset = 0;
        FilledCount = 0;
        HeldCount = 0;
        FirstFilledTicks = 0;
        LastFilledTicks = 0;
        _held = default;
    }

    internal void Hold(int symbol)
    {
        _held[symbol / BitsPerWord] |= 1ul << (symbol % BitsPerWord);
        HeldCount++;
    }

    internal void Unhold(int symbol)
    {
        _held[symbol / BitsPerWord] &= ~(1ul << (symbol % BitsPerWord));
        HeldCount--;
    }

    [InlineArray(ObjectLimits.SourceSymbolsMax / BitsPerWord)]
    private struct SymbolBits
    {
        private ulong _first;
    }
}
