using FcpFast.Protocol.Cbor;

namespace FcpFast.Protocol.Objects;

/// <summary>Goes through the complete segments of a checked status, in ascending order.</summary>
/// <remarks>Shape: at most <see cref="ObjectLimits.DoneRangesMax"/> ranges; they neither overlap nor touch. Cost: no allocation.</remarks>
public ref struct SegmentRangeReader
{
    private CborArrayReader _entries;

    internal SegmentRangeReader(CborArrayReader entries) => _entries = entries;

    /// <summary>Ranges not yet read.</summary>
    public readonly int Count => _entries.Count / 2;

    /// <summary>Reads the next range; false after the last.</summary>
    public bool TryRead(out SegmentRange range)
    {
        range = default;
        if (!_entries.TryRead(out CborItem first) || !_entries.TryRead(out CborItem count)) return false;
        bool read = first.TryGetUnsigned(out ulong firstSegment) & count.TryGetUnsigned(out ulong segments);
        if (read) range = new SegmentRange(firstSegment, segments);
        return read;
    }
}
