using System;

namespace FcpFast.Protocol.Objects;

/// <summary>How far one segment is, for a status to be written.</summary>
/// <remarks>
/// Shape:  a view of the caller's bytes.
/// Source: [WIRE §16.9].
/// </remarks>
public readonly ref struct SegmentProgress
{
    /// <summary>Puts the three together.</summary>
    /// <param name="segment">Which segment.</param>
    /// <param name="chunks">The bitmap of complete chunks, at most 8,192 bytes; empty for none told.</param>
    /// <param name="missing">At most 256 chunks, in ascending order.</param>
    public SegmentProgress(ulong segment, ReadOnlySpan<byte> chunks, ReadOnlySpan<MissingSymbols> missing)
    {
        Segment = segment;
        Chunks = chunks;
        Missing = missing;
    }

    /// <summary>Which segment; null for the default value, which tells of none.</summary>
    public ulong? Segment { get; }

    /// <summary>The bitmap of complete chunks; empty for none told.</summary>
    public ReadOnlySpan<byte> Chunks { get; }

    /// <summary>Chunks of which symbols are missing.</summary>
    public ReadOnlySpan<MissingSymbols> Missing { get; }
}
