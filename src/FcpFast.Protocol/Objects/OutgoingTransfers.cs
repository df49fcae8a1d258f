using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The files that go out: announced, sent within the receiver's credit and the path's rate, repaired from its statuses.</summary>
/// <remarks>
/// Shape:   segments are read ahead and announced ahead, so that the receiver knows a chunk before its first symbol; symbols are sent in order,
///          repairs first. What a status does not show in time is sent again.
/// Threads: the shard's thread.
/// Cost:    per segment a few small objects; no allocation a symbol.
/// Source:  [WIRE §16.9].
/// </remarks>
public sealed partial class OutgoingTransfers
{
    /// <summary>Segments of one file that are read ahead of the one being sent.</summary>
    private const int SegmentsAhead = 2;

    private readonly List<OutgoingFile> _files = [];
    private readonly List<NodeId> _destinations = [];
    private readonly Dictionary<NodeId, OutgoingPath> _paths = [];
    private readonly ISegmentSource _source;
    private readonly IControlOutbox _outbox;
    private readonly ITransferObserver _observer;
    private readonly CborWriter _writer = new(16 * 1024);
    private int _readTurn;

    /// <summary>Makes an empty set.</summary>
    public OutgoingTransfers(ISegmentSource source, IControlOutbox outbox, ITransferObserver observer)
    {
        _source = source;
        _outbox = outbox;
        _observer = observer;
    }

    /// <summary>Files that are being sent.</summary>
    public IReadOnlyList<OutgoingFile> Files => _files;

    /// <summary>The nodes that files go to now, each once.</summary>
    public IReadOnlyList<NodeId> Destinations => _destinations;

    /// <summary>Starts a file.</summary>
    public void Start(OutgoingFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        _files.Add(file);
        if (!_destinations.Contains(file.To)) _destinations.Add(file.To);
    }

    /// <summary>Gives a file up.</summary>
    public void Cancel(OutgoingFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.State == OutgoingFileState.Sending) End(file, OutgoingFileState.Canceled);
    }

    /// <summary>True if a file is being sent to the node.</summary>
    public bool HasFileTo(NodeId to)
    {
        foreach (OutgoingFile file in _files)
        {
            if (file.To == to) return true;
        }

        return false;
    }

    /// <summary>The rate and the measurements of the way to a node.</summary>
    public OutgoingPath PathTo(NodeId to, Instant now)
    {
        if (!_paths.TryGetValue(to, out OutgoingPath? path)) _paths[to] = path = new OutgoingPath(now);
        return path;
    }

    /// <summary>The way to a node is new: another session, or another process at its end. Everything is announced again at once.</summary>
    public void Restart(NodeId to, Instant now)
    {
        _paths[to] = new OutgoingPath(now);
        foreach (OutgoingFile file in _files)
        {
            if (file.To == to) Restart(file);
        }
    }

    /// <summary>Takes what the source has read, announces again what no status has named, sends again what no status has shown.</summary>
    /// <param name="symbolBytesTo">The symbol size that is used towards a node now; 0 while there is no way to it.</param>
    /// <param name="now">The time.</param>
    public void Tick(Func<NodeId, int> symbolBytesTo, Instant now)
    {
        ArgumentNullException.ThrowIfNull(symbolBytesTo);
        while (_source.TryTake(out PreparedSegment prepared)) Take(prepared);
        _readTurn = _files.Count == 0 ? 0 : (_readTurn + 1) % _files.Count;
        for (int i = 0; i < _files.Count; i++)
        {
            OutgoingFile file = _files[(_readTurn + i) % _files.Count]; // another one each time: the source's slots are few
            int symbolBytes = symbolBytesTo(file.To);
            if (symbolBytes == 0)
            {
                while (file.Segments.Count > 0) Drop(file, file.Segments[^1]); // others can use the slots meanwhile
                continue;
            }

            AskIfSilent(file, now);
            if (!file.IsAcknowledged && file.Announcement.IsDue(now)) Announce(file, now);
            DropOtherSizes(file, symbolBytes);
            if (file.IsAcknowledged) ReadAhead(file, symbolBytes);
        }

        for (int i = 0; i < _files.Count; i++)
        {
            OutgoingFile file = _files[(_readTurn + i) % _files.Count];
            int symbolBytes = symbolBytesTo(file.To);
            if (symbolBytes == 0) continue;
            if (!file.IsAcknowledged) ReadAhead(file, symbolBytes);
            foreach (OutgoingSegment segment in file.Segments)
            {
                if (!segment.IsAcknowledged && segment.Announcement.IsDue(now)) Announce(file, segment, now);
            }

            ProbeTail(file, now);
        }
    }

    /// <summary>
    /// A receiver that tells nothing of a file or segment any more has forgotten it, or what it told was lost with a connection: it is announced
    /// again, and the answer says where the receiver is.
    /// </summary>
    private static void AskIfSilent(OutgoingFile file, Instant now)
    {
        if (file.IsAcknowledged && now.Ticks - file.HeardTicks >= TransferRules.SilenceTicks)
        {
            file.IsAcknowledged = false;
            file.Announcement.Reset();
        }

        foreach (OutgoingSegment segment in file.Segments)
        {
            if (!segment.IsAcknowledged || now.Ticks - segment.HeardTicks < TransferRules.SilenceTicks) continue;
            segment.IsAcknowledged = false;
            segment.Announcement.Reset();
        }
    }

    private static void Restart(OutgoingFile file)
    {
        file.IsAcknowledged = false;
        file.ReceiverInstance = null;
        file.Announcement.Reset();
        file.Repairs.Clear();
        foreach (OutgoingSegment segment in file.Segments)
        {
            for (int chunk = 0; chunk < segment.ChunkCount; chunk++) LeaveWay(file, segment, chunk);
            segment.Restart();
        }
    }

    private void Announce(OutgoingFile file, Instant now)
    {
        var body = new FileBody { TransferId = file.Id, Name = Encoding.UTF8.GetBytes(file.Name), Shape = file.Shape, Mode = file.Mode };
        body.Write(_writer.Reset());
        if (file.Announcement.IsLongUnheard) _outbox.NoteSilence(file.To);
        file.Announcement.Sent(_outbox.SendBody(file.Zone, file.To, _writer.Written), now);
    }

    private void Announce(OutgoingFile file, OutgoingSegment segment, Instant now)
    {
        FcpStatus status = ChunkedObjectManifest.Parse(segment.Prepared.Manifest.Span, out ChunkedObjectManifest manifest);
        Invariant.Require(status == FcpStatus.Accepted, "the manifest that was made here is right");
        var body = new SegmentBody
        {
            TransferId = file.Id,
            Index = segment.Index,
            Manifest = manifest,
            ObjectIdKeyId = segment.Prepared.KeyId,
        };
        body.Write(_writer.Reset());
        segment.Announcement.Sent(_outbox.SendBody(file.Zone, file.To, _writer.Written), now);
    }

    /// <summary>Segments that were laid out for another symbol size are read again.</summary>
    private void DropOtherSizes(OutgoingFile file, int symbolBytes)
    {
        for (int i = file.Segments.Count - 1; i >= 0; i--)
        {
            if (file.Segments[i].Prepared.SymbolBytes != symbolBytes) Drop(file, file.Segments[i]);
        }
    }

    private void ReadAhead(OutgoingFile file, int symbolBytes)
    {
        int held = file.Segments.Count + file.Preparing.Count;
        for (ulong index = file.Done.FirstAbsent; index < file.SegmentCount && held <= SegmentsAhead; index++)
        {
            if (file.Done.Contains(index) || file.Preparing.Contains(index) || Find(file, index) is not null) continue;
            if (!_source.TryPrepare(file, index, symbolBytes) && !(file.IsAcknowledged && FreeSlot() && _source.TryPrepare(file, index, symbolBytes))) return;
            file.Preparing.Add(index);
            held++;
        }
    }

    /// <summary>
    /// Takes a slot from a file that its receiver has not answered. It may be one that waits there until the file that needs the slot is whole, so neither would
    /// ever go on.
    /// </summary>
    private bool FreeSlot()
    {
        foreach (OutgoingFile file in _files)
        {
            if (file.IsAcknowledged || file.Segments.Count == 0) continue;
            Drop(file, file.Segments[^1]);
            return true;
        }

        return false;
    }

    private static OutgoingSegment? Find(OutgoingFile file, ulong index)
    {
        foreach (OutgoingSegment segment in file.Segments)
        {
            if (segment.Index == index) return segment;
        }

        return null;
    }

    private void Take(in PreparedSegment prepared)
    {
        OutgoingFile file = prepared.File;
        bool isWanted = file.State == OutgoingFileState.Sending && file.Preparing.Remove(prepared.Index);
        if (prepared.FailureDetail is not null)
        {
            if (!isWanted) return;
            file.FailureDetail = prepared.FailureDetail;
            End(file, OutgoingFileState.Failed);
            return;
        }

        if (!isWanted || file.Done.Contains(prepared.Index))
        {
            _source.Return(prepared.Slot);
            return;
        }

        FcpStatus status = ChunkedObjectManifest.Parse(prepared.Manifest.Span, out ChunkedObjectManifest manifest);
        Invariant.Require(status == FcpStatus.Accepted, "the manifest that was made here is right");
        var segment = new OutgoingSegment(prepared, manifest);
        int at = 0;
        while (at < file.Segments.Count && file.Segments[at].Index < segment.Index) at++;
        file.Segments.Insert(at, segment);
    }

    private void Drop(OutgoingFile file, OutgoingSegment segment)
    {
        for (int chunk = 0; chunk < segment.ChunkCount; chunk++) LeaveWay(file, segment, chunk);
        file.Segments.Remove(segment);
        _source.Return(segment.Prepared.Slot);
    }

    /// <summary>The chunk does not count as under way any more.</summary>
    private static void LeaveWay(OutgoingFile file, OutgoingSegment segment, int chunk)
    {
        ref OutgoingSegment.ChunkProgress progress = ref segment.Progress(chunk);
        if (!progress.IsUnderWay) return;
        progress.IsUnderWay = false;
        file.UnderWayBytes -= (ulong)segment.BytesOf(chunk);
    }

    private void End(OutgoingFile file, OutgoingFileState state)
    {
        while (file.Segments.Count > 0) Drop(file, file.Segments[^1]);
        file.Preparing.Clear();
        file.State = state;
        _files.Remove(file);
        if (!HasFileTo(file.To)) _destinations.Remove(file.To);
        if (state == OutgoingFileState.Completed) _observer.Completed(file);
        if (state == OutgoingFileState.Failed) _observer.Failed(file);
    }
}
