using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>Compresses many chunks, or many parents, of one BLAKE3 tree at once.</summary>
/// <remarks>
/// Shape:   called once for thousands of bytes, so an interface and not a type parameter. Counts of chunks and parents follow from the lengths.
/// Threads: engines hold no state that a call changes.
/// Source:  [BLAKE3 §5.3].
/// </remarks>
public interface IBlake3Engine
{
    /// <summary>Compresses whole chunks into their chaining values.</summary>
    /// <param name="first">A chunk that stands before the others and lies elsewhere; empty if there is none.</param>
    /// <param name="chunks">The chunks, 1 KiB each, one behind the other.</param>
    /// <param name="key">8 words: the key, or the initial value.</param>
    /// <param name="counter">The number of the first chunk.</param>
    /// <param name="flags">The mode's flags.</param>
    /// <param name="values">8 words a chunk.</param>
    void CompressChunks(ReadOnlySpan<byte> first, ReadOnlySpan<byte> chunks, ReadOnlySpan<uint> key, ulong counter, uint flags, Span<uint> values);

    /// <summary>Compresses pairs of chaining values into their parents', none of which is the root.</summary>
    /// <param name="children">16 words a pair.</param>
    /// <param name="key">As for chunks.</param>
    /// <param name="flags">As for chunks.</param>
    /// <param name="parents">8 words a pair; may lie over the children, from the first or the second child on.</param>
    void CompressParents(ReadOnlySpan<uint> children, ReadOnlySpan<uint> key, uint flags, Span<uint> parents);
}
