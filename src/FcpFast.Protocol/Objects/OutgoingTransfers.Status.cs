using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Objects;

/// <summary>What receivers report, in statuses and in the signed messages of other implementations.</summary>
public sealed partial class OutgoingTransfers
{
    /// <summary>Takes a status.</summary>
    /// <param name="zone">The zone that it was sealed for.</param>
    /// <param name="receiver">Who sealed it.</param>
    /// <param name="instance">The stream that it was sealed in.</param>
    /// <param name="body">The status.</param>
    /// <param name="now">The time.</param>
    /// <param name="isNewReceiver">True if the receiver seals in another stream than before: it has restarted, and this node starts new streams.</param>
    /// <returns><c>Accepted</c>; <c>UnknownTransfer</c>; <c>InvalidStatus</c> if it tells of segments that the file does not have.</returns>
    public FcpStatus ReceiveStatus(
        ZoneKeyRing zone, NodeId receiver, SenderInstanceId instance, scoped in TransferStatusBody body, Instant now, out bool isNewReceiver)
    {
        isNewReceiver = false;
        OutgoingFile? file = Find(zone, receiver, body.TransferId);
        if (file is null) return FcpStatus.UnknownTransfer;
        if (!IsWithin(file, body)) return FcpStatus.InvalidStatus;
        isNewReceiver = file.ReceiverInstance is { } known && known != instance;
        if (isNewReceiver) Restart(file); // what it had is what its own statuses tell
        file.ReceiverInstance = instance;
        file.IsAcknowledged = true;
        file.Announcement.Heard();
        file.CreditBytes = body.CreditBytes;
        file.HeardTicks = now.Ticks;
        OutgoingPath path = PathTo(receiver, now);
        ReadDone(file, body, path);
        if (body.Segment is { } index && Find(file, index) is { } segment) ReadSegment(file, segment, body, path, now);
        file.CompleteBytes = file.DoneBytes;
        foreach (OutgoingSegment held in file.Segments) file.CompleteBytes += held.CompleteBytes;
        path.EndRound(now);
        if (file.Done.Count == file.SegmentCount) End(file, OutgoingFileState.Completed);
        return FcpStatus.Accepted;
    }

    /// <summary>Answers a signed request for symbols of an object that is being sent to its asker.</summary>
    /// <param name="asker">The node that signed it; its bounds and its budget were checked.</param>
    /// <param name="objectId">The object.</param>
    /// <param name="esis">The symbols asked for; empty for the first ones.</param>
    /// <param name="symbolsMax">The most that may be sent.</param>
    /// <returns><c>Accepted</c>, <c>ObjectNotFound</c> or <c>AlreadyComplete</c>.</returns>
    public FcpStatus ReceiveRequest(NodeId asker, ObjectId objectId, ReadOnlySpan<uint> esis, uint symbolsMax)
    {
        if (!TryFind(asker, objectId, out OutgoingFile? file, out OutgoingSegment? segment, out int chunk)) return FcpStatus.ObjectNotFound;
        if (segment!.Progress(chunk).IsComplete) return FcpStatus.AlreadyComplete;
        int k = segment.K(chunk), wanted = (int)Math.Min(symbolsMax, (uint)k);
        SymbolSet symbols = esis.IsEmpty ? SymbolSet.First(wanted) : default;
        foreach (uint esi in esis)
        {
            if (esi < (uint)k && wanted-- > 0) symbols.Add((int)esi);
        }

        QueueRepair(file!, segment, chunk, symbols);
        return FcpStatus.Accepted;
    }

    /// <summary>The receiver has the object, and says so in a signed message.</summary>
    public FcpStatus ReceiveComplete(NodeId receiver, ObjectId objectId)
    {
        if (!TryFind(receiver, objectId, out OutgoingFile? file, out OutgoingSegment? segment, out int chunk)) return FcpStatus.ObjectNotFound;
        Complete(file!, segment!, chunk);
        return FcpStatus.Accepted;
    }

    /// <summary>The receiver wants no more of the object, and so of the file that it is part of.</summary>
    /// <param name="receiver">The node that signed it.</param>
    /// <param name="objectId">The object.</param>
    /// <param name="detail">Why, in words.</param>
    public FcpStatus ReceiveStop(NodeId receiver, ObjectId objectId, string detail)
    {
        if (!TryFind(receiver, objectId, out OutgoingFile? file, out _, out _)) return FcpStatus.ObjectNotFound;
        file!.FailureDetail = detail;
        End(file, OutgoingFileState.Failed);
        return FcpStatus.Accepted;
    }

    private OutgoingFile? Find(ZoneKeyRing zone, NodeId to, TransferId id)
    {
        foreach (OutgoingFile file in _files)
        {
            if (file.Id == id && file.To == to && file.Zone == zone) return file;
        }

        return null;
    }

    private bool TryFind(NodeId to, ObjectId objectId, out OutgoingFile? file, out OutgoingSegment? segment, out int chunk)
    {
        foreach (OutgoingFile candidate in _files)
        {
            if (candidate.To != to) continue;
            foreach (OutgoingSegment held in candidate.Segments)
            {
                chunk = held.Find(objectId);
                if (chunk < 0) continue;
                (file, segment) = (candidate, held);
                return true;
            }
        }

        (file, segment, chunk) = (null, null, -1);
        return false;
    }

    private static bool IsWithin(OutgoingFile file, scoped in TransferStatusBody body)
    {
        SegmentRangeReader done = body.Done;
        while (done.TryRead(out SegmentRange range))
        {
            if (range.First >= file.SegmentCount || range.Count > file.SegmentCount - range.First) return false;
        }

        return body.Segment is null || body.Segment < file.SegmentCount;
    }

    /// <summary>Takes the complete segments as told: what was complete and is no more (a receiver that lost its disk) is sent again.</summary>
    private void ReadDone(OutgoingFile file, scoped in TransferStatusBody body, OutgoingPath path)
    {
        file.Done.Clear();
        SegmentRangeReader done = body.Done;
        while (done.TryRead(out SegmentRange range)) file.Done.Append(range);
        for (int i = file.Segments.Count - 1; i >= 0; i--)
        {
            OutgoingSegment segment = file.Segments[i];
            if (!file.Done.Contains(segment.Index)) continue;
            for (int chunk = 0; chunk < segment.ChunkCount; chunk++) CountDelivered(file, segment, chunk, path);
            Drop(file, segment);
        }
    }

    private static void ReadSegment(OutgoingFile file, OutgoingSegment segment, scoped in TransferStatusBody body, OutgoingPath path, Instant now)
    {
        segment.IsAcknowledged = true;
        segment.HeardTicks = now.Ticks;
        for (int chunk = 0; chunk < segment.ChunkCount; chunk++)
        {
            if (!Bitmap.Contains(body.Chunks, chunk))
            {
                segment.Reopen(chunk); // a receiver that has lost its disk has lost it, too
                continue;
            }

            OutgoingSegment.ChunkProgress progress = segment.Progress(chunk);
            if (!progress.IsComplete && progress is { Resends: 0, SentTicks: > 0 }) path.MeasureRoundTrip(now.Ticks - progress.SentTicks);
            CountDelivered(file, segment, chunk, path);
        }

        MissingSymbolsReader missing = body.Missing;
        while (missing.TryRead(out MissingSymbols symbols))
        {
            if (symbols.Chunk < (ulong)segment.ChunkCount) ReadMissing(file, segment, (int)symbols.Chunk, symbols, path, now);
        }

        SendLostTwins(file, segment, path, now);
    }

    /// <summary>
    /// A receiver that took a file up again may have the first of equal chunks on its disk and not the others: then that one is not sent any
    /// more, and none would ever fill their places.
    /// </summary>
    private static void SendLostTwins(OutgoingFile file, OutgoingSegment segment, OutgoingPath path, Instant now)
    {
        for (int chunk = 0; chunk < segment.ChunkCount; chunk++)
        {
            if (!segment.IsTwin(chunk) || !segment.Progress(segment.TwinOf(chunk)).IsComplete) continue;
            ref OutgoingSegment.ChunkProgress progress = ref segment.Progress(chunk);
            if (progress.IsComplete || progress.IsQueued || now.Ticks - progress.SentTicks < path.GuardTicks) continue;
            QueueRepair(file, segment, chunk, SymbolSet.First(segment.K(chunk)));
            progress.SentTicks = now.Ticks;
        }
    }

    private static void ReadMissing(
        OutgoingFile file, OutgoingSegment segment, int chunk, in MissingSymbols symbols, OutgoingPath path, Instant now)
    {
        ref OutgoingSegment.ChunkProgress progress = ref segment.Progress(chunk);
        if (progress.IsComplete || !progress.IsUnderWay) return;
        SymbolSet lost = SymbolSet.Read(symbols).Intersect(SymbolSet.First(segment.K(chunk)));
        int count = lost.Count;
        CountReceived(segment, chunk, segment.K(chunk) - count, path);
        if (count == 0 || progress.IsQueued || progress.SentTicks == 0) return;
        if (now.Ticks - progress.SentTicks < path.GuardTicks) return; // the status may be older than what was sent last
        path.Count(0, (long)count * segment.Prepared.SymbolBytes);
        QueueRepair(file, segment, chunk, lost);
    }

    /// <summary>A chunk is complete; counted for the rate only if it was sent.</summary>
    private static void CountDelivered(OutgoingFile file, OutgoingSegment segment, int chunk, OutgoingPath path)
    {
        if (segment.Progress(chunk).IsUnderWay) CountReceived(segment, chunk, segment.K(chunk), path);
        Complete(file, segment, chunk);
    }

    /// <summary>Counts the symbols that a status has shown and none before it.</summary>
    private static void CountReceived(OutgoingSegment segment, int chunk, int symbols, OutgoingPath path)
    {
        ref OutgoingSegment.ChunkProgress progress = ref segment.Progress(chunk);
        if (symbols <= progress.Received) return;
        path.Count((long)(symbols - progress.Received) * segment.Prepared.SymbolBytes, 0);
        progress.Received = symbols;
    }

    private static void Complete(OutgoingFile file, OutgoingSegment segment, int chunk)
    {
        segment.Complete(chunk);
        LeaveWay(file, segment, chunk);
    }
}
