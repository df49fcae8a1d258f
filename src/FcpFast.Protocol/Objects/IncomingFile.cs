using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Objects;

/// <summary>A file that comes in.</summary>
/// <remarks>
/// Shape:   known by (zone, source, transfer id).
/// Threads: changed by the shard's thread; <see cref="Handle"/>, <see cref="Name"/>, <see cref="Shape"/>, <see cref="Source"/>,
///          <see cref="Id"/> and <see cref="Mode"/> never change and may be read anywhere.
/// Source:  [WIRE §16.9].
/// </remarks>
public sealed class IncomingFile
{
    internal IncomingFile(long handle, ZoneKeyRing zone, NodeId source, TransferId id, string name, FileShape shape, ulong? mode)
    {
        Handle = handle;
        Zone = zone;
        Source = source;
        Id = id;
        Name = name;
        Shape = shape;
        Mode = mode;
    }

    /// <summary>A number of its own within the process.</summary>
    public long Handle { get; }

    /// <summary>The keys of its zone.</summary>
    public ZoneKeyRing Zone { get; }

    /// <summary>The node that sends it.</summary>
    public NodeId Source { get; }

    /// <summary>Its id at that node.</summary>
    public TransferId Id { get; }

    /// <summary>Its name: one path component.</summary>
    public string Name { get; }

    /// <summary>Its size, and how it is cut.</summary>
    public FileShape Shape { get; }

    /// <summary>The mode bits of the source's file, if told.</summary>
    public ulong? Mode { get; }

    /// <summary>Where in its life it is.</summary>
    public IncomingFileState State { get; internal set; }

    /// <summary>Bytes that are verified and written, by this process or one before.</summary>
    public ulong CompleteBytes { get; internal set; }

    /// <summary>True if an earlier process had written part of it.</summary>
    public bool IsResumed { get; internal set; }

    /// <summary>For a failed file, what happened and where, in words.</summary>
    public string? FailureDetail { get; internal set; }

    /// <summary>The segments that are complete.</summary>
    internal IndexRanges Done { get; } = new(TransferRules.DoneRangesMax);

    /// <summary>The segments that are announced and not complete, in ascending order.</summary>
    internal List<IncomingSegment> OpenSegments { get; } = [];

    internal StatusSchedule Schedule { get; } = new();

    /// <summary>True while it is among the files that may owe a status.</summary>
    internal bool IsAwake { get; set; }

    /// <summary>The segment that was completed last: it is told as complete only when the file is durable under its name.</summary>
    internal ulong? LastSegment { get; set; }

    /// <summary>An object of the segment that was worked on last: by it the source is told if the file fails.</summary>
    internal ObjectId? LastObject { get; set; }

    /// <summary>When an announcement or a whole chunk of it came last.</summary>
    internal long HeardTicks { get; set; }

    internal long FailedTicks { get; set; }

    internal long FinishedTicks { get; set; }

    /// <summary>True until it is stored under its name, or has failed.</summary>
    public bool IsUnderWay => State is not (IncomingFileState.Finished or IncomingFileState.Failed);

    internal bool IsComplete => Done.Count == Shape.SegmentCount;

    internal bool IsSameAs(string name, FileShape shape) => Name == name && Shape == shape;

    internal void Fail(string detail, Instant now)
    {
        State = IncomingFileState.Failed;
        FailureDetail = detail;
        FailedTicks = now.Ticks;
    }
}
