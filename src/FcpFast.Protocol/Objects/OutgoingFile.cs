using System.Collections.Generic;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Objects;

/// <summary>A file that goes out to one member of a zone.</summary>
/// <remarks>
/// Threads: changed by the shard's thread; what has no setter never changes and may be read by the segment source.
/// Source:  [WIRE §16.9].
/// </remarks>
public sealed class OutgoingFile
{
    /// <summary>Describes a file.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="to">The member.</param>
    /// <param name="id">As <see cref="FileBody.DeriveTransferId"/> gives it.</param>
    /// <param name="name">One path component.</param>
    /// <param name="shape">Its size, and how it is cut.</param>
    /// <param name="mode">Its mode bits, if they are to be told.</param>
    public OutgoingFile(ZoneKeyRing zone, NodeId to, TransferId id, string name, FileShape shape, ulong? mode)
    {
        Zone = zone;
        To = to;
        Id = id;
        Name = name;
        Shape = shape;
        Mode = mode;
        SegmentCount = shape.SegmentCount;
    }

    /// <summary>The keys of its zone.</summary>
    public ZoneKeyRing Zone { get; }

    /// <summary>The member that it goes to.</summary>
    public NodeId To { get; }

    /// <summary>Its id.</summary>
    public TransferId Id { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its size, and how it is cut.</summary>
    public FileShape Shape { get; }

    /// <summary>Its mode bits, if they are told.</summary>
    public ulong? Mode { get; }

    /// <summary>How many segments it has.</summary>
    public ulong SegmentCount { get; }

    /// <summary>Where in its life it is.</summary>
    public OutgoingFileState State { get; internal set; }

    /// <summary>Bytes that the receiver has reported as complete.</summary>
    public ulong CompleteBytes { get; internal set; }

    /// <summary>For a failed file, why, in words.</summary>
    public string? FailureDetail { get; internal set; }

    /// <summary>When the receiver was heard of last, in ticks; 0 before the first status.</summary>
    public long HeardTicks { get; internal set; }

    internal IndexRanges Done { get; } = new(int.MaxValue);

    /// <summary>Bytes of the segments in <see cref="Done"/>.</summary>
    internal ulong DoneBytes
    {
        get
        {
            ulong bytes = 0;
            foreach (SegmentRange range in Done.Ranges) bytes += Shape.BytesOf(range);
            return bytes;
        }
    }

    /// <summary>Segments in memory, in ascending order.</summary>
    internal List<OutgoingSegment> Segments { get; } = [];

    /// <summary>Segments that the source is reading.</summary>
    internal List<ulong> Preparing { get; } = [];

    /// <summary>True once a status has named the file.</summary>
    internal bool IsAcknowledged { get; set; }

    internal AnnouncementTimer Announcement { get; } = new();

    internal ulong CreditBytes { get; set; }

    internal ulong UnderWayBytes { get; set; }

    internal SenderInstanceId? ReceiverInstance { get; set; }

    internal Queue<(OutgoingSegment Segment, int Chunk)> Repairs { get; } = new();
}
