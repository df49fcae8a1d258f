using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>How a file is cut into segments.</summary>
/// <param name="SizeBytes">The file, 0 to 2^48 bytes.</param>
/// <param name="SegmentBytes">Each segment but the last, 64 KiB to 64 MiB.</param>
/// <remarks>Source: [WIRE §16.9].</remarks>
public readonly record struct FileShape(ulong SizeBytes, ulong SegmentBytes)
{
    /// <summary>How many segments; none of an empty file, at most 2^32. Zero also for a shape that <see cref="Check"/> refuses.</summary>
    public ulong SegmentCount => Check() == FcpStatus.Accepted ? (SizeBytes / SegmentBytes) + (SizeBytes % SegmentBytes == 0 ? 0u : 1u) : 0;

    /// <summary>Judges both bounds; else <c>InvalidFile</c>.</summary>
    public FcpStatus Check() =>
        SizeBytes <= ObjectLimits.TotalBytesMax && SegmentBytes is >= ObjectLimits.SegmentBytesMin and <= ObjectLimits.SegmentBytesMax
            ? FcpStatus.Accepted
            : FcpStatus.InvalidFile;

    /// <summary>Where a segment begins in the file; the index is below <see cref="SegmentCount"/>.</summary>
    public ulong OffsetOf(ulong index)
    {
        RequireSegment(index);
        return index * SegmentBytes;
    }

    /// <summary>Bytes of a segment; the index is below <see cref="SegmentCount"/>.</summary>
    public int BytesOf(ulong index)
    {
        RequireSegment(index);
        return (int)Math.Min(SegmentBytes, SizeBytes - (index * SegmentBytes));
    }

    /// <summary>Bytes of segments side by side, all of this file.</summary>
    public ulong BytesOf(SegmentRange range)
    {
        RequireSegment(range.First + range.Count - 1);
        return Math.Min(range.Count * SegmentBytes, SizeBytes - (range.First * SegmentBytes));
    }

    private void RequireSegment(ulong index)
    {
        if (index >= SegmentCount) ThrowHelper.BadArgument(nameof(index), "a segment of this file");
    }
}
