using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Objects;

/// <summary>The files that come in: announced, assembled out of order, verified chunk by chunk, written, reported.</summary>
/// <remarks>
/// Shape:   a chunk is delivered only after its id was computed over its bytes; a file counts as complete only when the store has made it
///          durable under its name. Memory is that of the assembly table; files, segments and finished records are bounded.
/// Errors:  statuses for what a peer sends; storage failures fail the file, not the node.
/// Threads: the shard's thread.
/// Cost:    per segment a few small objects; no allocation a symbol or chunk.
/// Source:  [WIRE §16.9], [WIRE §17].
/// </remarks>
public sealed partial class IncomingTransfers
{
    private readonly Dictionary<(ZoneIdHash, NodeId, TransferId), IncomingFile> _files = [];
    private readonly Dictionary<long, IncomingFile> _byHandle = [];
    private readonly List<IncomingFile> _awake = []; // those that are under way, or over and asked for: all that a batch or tick looks at
    private readonly AssemblyTable _table;
    private readonly ITransferStore _store;
    private readonly IControlOutbox _outbox;
    private readonly ITransferObserver _observer;
    private readonly StatusCounters _counters;
    private readonly Blake3Hasher _hasher;
    private readonly CborWriter _writer = new(16 * 1024);
    private readonly int _creditBytesMax;
    private long _nextHandle = 1;

    /// <summary>Makes an empty set.</summary>
    /// <param name="table">The chunks in assembly.</param>
    /// <param name="store">Where files are written.</param>
    /// <param name="outbox">Where statuses go.</param>
    /// <param name="observer">Who is told.</param>
    /// <param name="counters">Where refusals are counted.</param>
    /// <param name="creditBytesMax">The most that all files may have under way together: what the socket's buffer holds, or less.</param>
    /// <param name="hasher">Scratch, for the ids of chunks.</param>
    public IncomingTransfers(
        AssemblyTable table, ITransferStore store, IControlOutbox outbox, ITransferObserver observer, StatusCounters counters, int creditBytesMax,
        Blake3Hasher hasher)
    {
        _hasher = hasher;
        _table = table;
        _store = store;
        _outbox = outbox;
        _observer = observer;
        _counters = counters;
        _creditBytesMax = creditBytesMax;
    }

    /// <summary>The files known, finished and failed ones included.</summary>
    public IReadOnlyCollection<IncomingFile> Files => _byHandle.Values;

    /// <summary>Files that are being received.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>False while files that are not under way are not begun: their announcements are refused, and come again.</summary>
    public bool TakesNew { get; set; } = true;

    /// <summary>Files that a batch or tick looks at.</summary>
    internal int AwakeCount => _awake.Count;

    /// <summary>Takes the announcement of a file.</summary>
    /// <param name="zone">The zone that the body was sealed for.</param>
    /// <param name="source">Who sealed it.</param>
    /// <param name="body">The announcement.</param>
    /// <param name="now">The time.</param>
    /// <returns><c>Accepted</c>; <c>NoRoom</c> if the source has too many files under way, or none is taken now.</returns>
    public FcpStatus ReceiveFile(ZoneKeyRing zone, NodeId source, scoped in FileBody body, Instant now)
    {
        ArgumentNullException.ThrowIfNull(zone);
        (ZoneIdHash, NodeId, TransferId) key = (zone.ZoneHash, source, body.TransferId);
        string name = Encoding.UTF8.GetString(body.Name);
        if (_files.TryGetValue(key, out IncomingFile? known))
        {
            bool mayRetry = known.State == IncomingFileState.Failed && now.Ticks - known.FailedTicks >= TransferRules.RetryFailedTicks;
            if (known.IsSameAs(name, body.Shape) && !mayRetry)
            {
                known.HeardTicks = now.Ticks;
                Wake(known);
                if (known.State == IncomingFileState.Failed) TellFailure(known);
                return FcpStatus.Accepted;
            }

            Forget(known, abandon: known.IsUnderWay);
        }

        if (!TakesNew || !(HasRoom(source) || (ForgetStandstill(source, now) && HasRoom(source)))) return FcpStatus.NoRoom;
        var file = new IncomingFile(_nextHandle++, zone, source, body.TransferId, name, body.Shape, body.Mode) { HeardTicks = now.Ticks };
        _files[key] = file;
        _byHandle[file.Handle] = file;
        Wake(file);
        ActiveCount++;
        _store.Open(file);
        return FcpStatus.Accepted;
    }

    /// <summary>Takes the announcement of a segment.</summary>
    /// <returns>
    /// <c>Accepted</c>; <c>UnknownTransfer</c>, <c>InvalidFile</c> (an index or length that is not the file's), <c>UnknownZoneKey</c> (no such
    /// object-id key), <c>NoRoom</c> (too many open segments or chunks), <c>LengthMismatch</c>, <c>StorageFailed</c>.
    /// </returns>
    public FcpStatus ReceiveSegment(ZoneKeyRing zone, NodeId source, scoped in SegmentBody body, Instant now)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (!_files.TryGetValue((zone.ZoneHash, source, body.TransferId), out IncomingFile? file)) return FcpStatus.UnknownTransfer;
        if (file.State == IncomingFileState.Failed)
        {
            _outbox.SendSymbolAck(zone, source, body.Manifest.ChunkId(0), SymbolAckReason.ResourceExhausted);
            return FcpStatus.StorageFailed;
        }

        if (body.Index >= file.Shape.SegmentCount || body.Manifest.TotalBytes != (ulong)file.Shape.BytesOf(body.Index)) return FcpStatus.InvalidFile;
        file.HeardTicks = now.Ticks;
        Wake(file);
        bool isTaking = file.State is IncomingFileState.Opening or IncomingFileState.Receiving;
        if (!isTaking || file.Done.Contains(body.Index) || Find(file, body.Index) is not null) return FcpStatus.Accepted;
        ObjectIdKey? key = body.ObjectIdKeyId is { } id ? zone.FindObjectIdKey(id) : zone.ActiveObjectIdKey;
        if (key is null) return FcpStatus.UnknownZoneKey;
        bool hasRoom = file.OpenSegments.Count < TransferRules.OpenSegmentsMax && file.Done.HasRoomFor(body.Index)
            && HasRoomFor(body.Manifest.ChunkCount, source);
        if (!hasRoom) return FcpStatus.NoRoom;
        var segment = new IncomingSegment(file, body, key.Id);
        Insert(file, segment);
        return file.State == IncomingFileState.Opening ? FcpStatus.Accepted : Begin(segment); // the store's answer begins what waits
    }

    /// <summary>Verifies and hands on the chunks that the last batch has completed.</summary>
    public void AfterBatch()
    {
        while (_table.TryTakeComplete(out ChunkAssembly? chunk)) Deliver(chunk!);
    }

    /// <summary>Gives up every file that is under way; what was written stays for a later try.</summary>
    public void AbandonAll()
    {
        foreach (IncomingFile file in _byHandle.Values)
        {
            if (file.State is IncomingFileState.Opening or IncomingFileState.Receiving) _store.Abandon(file);
        }
    }

    private static IncomingSegment? Find(IncomingFile file, ulong index)
    {
        foreach (IncomingSegment segment in file.OpenSegments)
        {
            if (segment.Index == index) return segment;
        }

        return null;
    }

    /// <summary>A status of the file is owed at once.</summary>
    private void Wake(IncomingFile file)
    {
        file.Schedule.Want();
        if (file.IsAwake) return;
        file.IsAwake = true;
        _awake.Add(file);
    }

    /// <summary>Chunks are counted as often as they are listed: a manifest may name one chunk for every place, and each place takes memory.</summary>
    private bool HasRoomFor(int chunks, NodeId source)
    {
        int listed = chunks, ofSource = chunks;
        foreach (IncomingFile file in _awake)
        {
            foreach (IncomingSegment segment in file.OpenSegments)
            {
                listed += segment.ChunkCount;
                if (file.Source == source) ofSource += segment.ChunkCount;
            }
        }

        return listed <= TransferRules.ListedChunksMax && ofSource <= TransferRules.ListedChunksPerSourceMax;
    }

    private bool HasRoom(NodeId source)
    {
        int ofSource = 0;
        foreach (IncomingFile file in _awake)
        {
            if (file.Source == source && file.IsUnderWay) ofSource++;
        }

        if (_byHandle.Count >= TransferRules.FinishedMax) ForgetOldest();
        return ofSource < TransferRules.IncomingPerSourceMax && ActiveCount < TransferRules.IncomingMax;
    }

    /// <summary>Makes room by the file that stands still longest: one of the source's own if its share is full, else anybody's. False if none stands still.</summary>
    private bool ForgetStandstill(NodeId source, Instant now)
    {
        bool isShareFull = ActiveCount < TransferRules.IncomingMax;
        IncomingFile? stalest = null;
        foreach (IncomingFile file in _awake)
        {
            bool mayGo = file.IsUnderWay && (!isShareFull || file.Source == source) && now.Ticks - file.HeardTicks >= TransferRules.StandstillTicks;
            if (mayGo && (stalest is null || file.HeardTicks < stalest.HeardTicks)) stalest = file;
        }

        if (stalest is not null) Forget(stalest, abandon: true);
        return stalest is not null;
    }

    private void ForgetOldest()
    {
        IncomingFile? oldest = null;
        foreach (IncomingFile file in _byHandle.Values)
        {
            bool isOver = file.State is IncomingFileState.Finished or IncomingFileState.Failed;
            if (isOver && (oldest is null || file.Handle < oldest.Handle)) oldest = file;
        }

        if (oldest is not null) Forget(oldest, abandon: false);
    }

    private static void Insert(IncomingFile file, IncomingSegment segment)
    {
        int at = 0;
        while (at < file.OpenSegments.Count && file.OpenSegments[at].Index < segment.Index) at++;
        file.OpenSegments.Insert(at, segment);
    }

    /// <summary>Begins with a segment of an open file: what an earlier process has written of it is looked at first.</summary>
    private FcpStatus Begin(IncomingSegment segment)
    {
        if (!segment.File.IsResumed) return AwaitChunks(segment);
        segment.IsBeingInspected = true;
        _store.Inspect(segment);
        return FcpStatus.Accepted;
    }

    /// <summary>From here on the segment's symbols are taken.</summary>
    private FcpStatus AwaitChunks(IncomingSegment segment)
    {
        IncomingFile file = segment.File;
        for (int i = 0; i < segment.ChunkCount; i++)
        {
            if (segment.IsChunkComplete(i)) continue;
            ChunkAssembly? chunk = _table.Announce(file.Zone.ZoneHash, file.Source, segment.IdOf(i), segment.BytesOf(i), segment, i);
            if (chunk is null)
            {
                CloseSegment(segment);
                return FcpStatus.LengthMismatch;
            }

            segment.Await(i, chunk);
        }

        return FcpStatus.Accepted;
    }

    private void Deliver(ChunkAssembly chunk)
    {
        IncomingSegment segment = chunk.Places[0].Segment;
        ObjectIdKey? key = segment.File.Zone.FindObjectIdKey(segment.KeyId);
        using KeyLease lease = key is null ? default : key.Key.Lease();
        bool isRight = lease.IsLive && ChunkIds.Compute(_hasher, lease.Bytes, segment.File.Zone.Zone, _table.BytesOf(chunk)) == chunk.Id;
        if (isRight) WriteNewPlaces(chunk);
        else Refuse(chunk, isJudged: lease.IsLive);
    }

    /// <summary>A chunk is not what its id says: it is to be sent again, unless its source has sent too many like it. Then its file has failed.</summary>
    private void Refuse(ChunkAssembly chunk, bool isJudged)
    {
        _counters.Count(FcpStatus.ObjectIdMismatch);
        if (!isJudged)
        {
            _table.Empty(chunk); // the key has left the ring: nobody knows what it was
            return;
        }

        FcpStatus status = _table.EmptyWrong(chunk);
        if (status != FcpStatus.Accepted) Fail(chunk.Places[0].Segment.File, status, "its chunks are not what their ids say", new Instant(_table.NowTicks, 0));
    }

    /// <summary>Hands a verified chunk to the store, once for every place that does not have it yet.</summary>
    private void WriteNewPlaces(ChunkAssembly chunk)
    {
        ReadOnlyMemory<byte> bytes = _table.SharedMemory.Slice(chunk.Offset, chunk.ChunkBytes);
        for (; chunk.WrittenPlaces < chunk.Places.Count; chunk.WrittenPlaces++)
        {
            ChunkPlace place = chunk.Places[chunk.WrittenPlaces];
            ulong offset = place.Segment.FileOffset + ((ulong)place.ChunkNumber * (ulong)place.Segment.ChunkBytes);
            chunk.PendingWrites++;
            place.Segment.File.HeardTicks = _table.NowTicks;
            _store.Write(place.Segment.File, offset, bytes, (ulong)chunk.Index);
        }
    }

    /// <summary>Stops to wait for a segment's chunks, complete or not.</summary>
    private void CloseSegment(IncomingSegment segment)
    {
        IncomingFile file = segment.File;
        file.OpenSegments.Remove(segment);
        for (int i = 0; i < segment.ChunkCount; i++)
        {
            ChunkAssembly? chunk = segment.AssemblyOf(i);
            if (chunk is null) continue;
            segment.Forget(i);
            bool isUnwanted = chunk.RemovePlaces(segment);
            if (isUnwanted && chunk.PendingWrites == 0 && chunk.Owner is not null) _table.Withdraw(chunk);
        }
    }

    private void Forget(IncomingFile file, bool abandon)
    {
        if (abandon) _store.Abandon(file);
        while (file.OpenSegments.Count > 0) CloseSegment(file.OpenSegments[^1]);
        if (file.IsUnderWay) ActiveCount--;
        _files.Remove((file.Zone.ZoneHash, file.Source, file.Id));
        _byHandle.Remove(file.Handle);
        _awake.Remove(file);
    }
}
