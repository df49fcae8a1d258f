using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>The content windows of a node that opens frames: what an authorised relay, or a second path, cannot bring twice.</summary>
/// <remarks>
/// Shape:   at most 256 streams a source and zone key and 65,536 a node; at the bound the longest idle stream of that source becomes a
///          tombstone (at most 2^12 a source and zone key and 2^16 a node), never merely forgotten. So no member uses up the room of others.
///          Where there is a store, nothing counts as opened before a crash could not make this node forget it.
/// Errors:  <c>ReplayRetired</c>, <c>ReplayLaneLimit</c> (then a zone-key rotation is wanted), the windows' own refusals, and those of
///          <see cref="ContentDurability"/>.
/// Threads: one user at a time.
/// Cost:    a dictionary look-up; allocates when a stream is new.
/// Source:  [REPLAY §2.9] (D14), [REPLAY §6.1].
/// </remarks>
public sealed class ContentWindows
{
    /// <summary>Width of the windows of zone-sealed bodies, which travel in order over one path.</summary>
    public const int BodyWidthFrames = 512;

    private readonly Dictionary<ContentStreamId, ContentStream> _streams = [];
    private readonly Dictionary<(ZoneIdHash Zone, ZoneKeyId Key, NodeId Node), SourceStreams> _bySource = [];
    private readonly HashSet<ContentStreamId> _tombstones = [];
    private readonly int _symbolWidthFrames;
    private readonly ContentDurability? _durability;

    /// <summary>Makes a set of windows, as the processes before this one have left them.</summary>
    /// <param name="symbolWidthFrames">Width of the windows of symbols.</param>
    /// <param name="durability">What outlives this process; null for a node whose zone keys do not outlive it either.</param>
    public ContentWindows(int symbolWidthFrames = ReplayWindow.WidthFramesDefault, ContentDurability? durability = null)
    {
        _symbolWidthFrames = symbolWidthFrames;
        _durability = durability;
        foreach (ContentRecord record in durability?.Restored ?? []) Restore(record);
    }

    /// <summary>Streams with a window.</summary>
    public int Count => _streams.Count;

    /// <summary>Streams closed for good while their zone key lives.</summary>
    public int TombstoneCount => _tombstones.Count;

    /// <summary>Finds a stream, or prepares one that is kept only when something of it is committed.</summary>
    /// <param name="id">Which stream.</param>
    /// <param name="stream">What was found or prepared for it before, or null; afterwards the stream.</param>
    /// <remarks>Errors: <c>ReplayRetired</c>, <c>ReplayLaneLimit</c>. Cost: allocates only where nothing was prepared before.</remarks>
    public FcpStatus Prepare(in ContentStreamId id, ref ContentStream? stream)
    {
        if (_streams.TryGetValue(id, out ContentStream? kept))
        {
            stream = kept;
            return FcpStatus.Accepted;
        }

        if (_tombstones.Contains(id)) return FcpStatus.ReplayRetired;
        if (!HasRoom(id)) return FcpStatus.ReplayLaneLimit;
        if (stream is null || stream.Id != id) stream = new ContentStream(id);
        return FcpStatus.Accepted;
    }

    /// <summary>Takes up a stream that its source has announced on its own session, before anything of it has come.</summary>
    /// <remarks>Errors: <c>ReplayNotDurable</c> until its record is durable; <c>ReplayRetired</c>, <c>ReplayLaneLimit</c>, also beyond the few that may be announced and unused.</remarks>
    public FcpStatus Expect(in ContentStreamId id, Instant now)
    {
        ContentStream? stream = null;
        FcpStatus status = Prepare(id, ref stream);
        if (status != FcpStatus.Accepted) return status;
        if (!stream!.IsKept && ExpectedOf(id) >= ReplayRules.ContentStreamsExpectedMax) return FcpStatus.ReplayLaneLimit;
        bool isNew = !stream.IsKept;
        status = Keep(stream, now);
        if (status != FcpStatus.Accepted) return status;
        if (isNew) stream.IsExpected = true;
        return _durability?.AdmitDirect(stream) ?? FcpStatus.Accepted;
    }

    /// <summary>Judges a frame of symbols before its AEAD, read-only.</summary>
    public FcpStatus CheckSymbols(ContentStream stream, in ContentFrame frame)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Check(stream, frame, stream.CheckSymbols(frame.Seq));
    }

    /// <summary>Judges a zone-sealed body before its AEAD, read-only.</summary>
    public FcpStatus CheckBody(ContentStream stream, in ContentFrame frame)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Check(stream, frame, stream.CheckBodies(frame.Seq));
    }

    /// <summary>Records the number of a frame of which at least one symbol opened and none failed.</summary>
    public FcpStatus CommitSymbols(ContentStream stream, in ContentFrame frame, Instant now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        FcpStatus status = Admit(ref stream, frame, isBody: false, now);
        if (status != FcpStatus.Accepted) return status;
        stream.Symbols ??= new ReplayWindow(_symbolWidthFrames, stream.SymbolsFence);
        return ReplayRules.Refusal(stream.Symbols.Commit(frame.Seq));
    }

    /// <summary>Records numbers in a row of such frames, on a stream that is kept, up to the first that is not fresh.</summary>
    /// <returns>How many were fresh and are recorded; of what is left, <see cref="CommitSymbols"/> says why.</returns>
    public int CommitSymbolRun(ContentStream stream, FrameSeq first, int count, bool isDirect, Instant now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.IsKept || stream.Symbols is null) return 0;
        if (_durability is not null && !_durability.AdmitsRun(stream, first, count, isDirect)) return 0;
        int committed = stream.Symbols.CommitRun(first, count);
        if (committed > 0) stream.LastUsedTicks = now.Ticks;
        return committed;
    }

    /// <summary>Records the number of a zone-sealed body that opened.</summary>
    public FcpStatus CommitBody(ContentStream stream, in ContentFrame frame, Instant now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        FcpStatus status = Admit(ref stream, frame, isBody: true, now);
        if (status != FcpStatus.Accepted) return status;
        stream.Bodies ??= new ReplayWindow(BodyWidthFrames, stream.BodiesFence);
        return ReplayRules.Refusal(stream.Bodies.Commit(frame.Seq));
    }

    /// <summary>Takes up what has become durable; true if anything has, so that what had to wait may be tried again.</summary>
    public bool TakeDurable()
    {
        if (_durability is null) return false;
        bool any = _durability.TakeEpochs();
        while (_durability.TryTake(out ContentRecord record))
        {
            any = true;
            if (!_streams.TryGetValue(record.Stream, out ContentStream? stream)) continue; // retired or forgotten meanwhile
            stream.Durable = new ContentRecord(
                record.Stream, stream.Durable.IsDirect || record.IsDirect,
                Math.Max(stream.Durable.SymbolsCeiling, record.SymbolsCeiling), Math.Max(stream.Durable.BodiesCeiling, record.BodiesCeiling));
        }

        return any;
    }

    /// <summary>Above which number a source's stream is opened after a restart: the highest of its fences, whatever the zone and kind; 0 if it has none.</summary>
    /// <remarks>Cost: looks at every stream; for the start of a process.</remarks>
    public ulong CeilingOf(NodeId source, SenderInstanceId instance)
    {
        ulong ceiling = 0;
        foreach (ContentStream stream in _streams.Values)
        {
            if (stream.Id.Instance == instance && stream.Id.Source == source) ceiling = Math.Max(ceiling, Math.Max(stream.Durable.SymbolsCeiling, stream.Durable.BodiesCeiling));
        }

        return ceiling;
    }

    /// <summary>This process may have been put back to an older state, its windows included: relayed frames of its own time count no more.</summary>
    /// <param name="clockEpoch">The epoch of the clock now.</param>
    /// <remarks>Source: [REPLAY §5.4], [REPLAY §5.5]. Costs the relayed traffic of up to two epochs, as the epoch fence does after a start.</remarks>
    public void FenceRelayed(EpochId clockEpoch) => _durability?.FenceRelayed(clockEpoch);

    /// <summary>Forgets windows and tombstones of a zone key that left its zone's ring: nothing sealed under it opens any more.</summary>
    public void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId)
    {
        foreach (((ZoneIdHash Zone, ZoneKeyId Key, NodeId Node) source, SourceStreams streams) in _bySource)
        {
            if (source.Zone != zone || source.Key != zoneKeyId) continue;
            foreach (ContentStream stream in streams.Open)
            {
                stream.IsKept = false;
                _streams.Remove(stream.Id);
            }

            _bySource.Remove(source); // removing while enumerating is allowed for Dictionary
        }

        _tombstones.RemoveWhere(id => id.Zone == zone && id.ZoneKeyId == zoneKeyId);
        _durability?.Forget(zone, zoneKeyId);
    }

    /// <summary>
    /// A direct stream is closed after a start: its sender seals in a new one, and what a relay brings of it was opened before. So are streams
    /// for whose windows there is no room.
    /// </summary>
    private void Restore(in ContentRecord record)
    {
        SourceStreams source = MakeOf(record.Stream);
        if (record.IsDirect || source.Open.Count >= ReplayRules.ContentWindowsPerSourceMax)
        {
            if (_tombstones.Add(record.Stream)) source.Tombstones++;
            return;
        }

        var stream = new ContentStream(record) { IsKept = true, LastUsedTicks = long.MinValue };
        source.Open.Add(stream);
        _streams.Add(record.Stream, stream);
    }

    private SourceStreams MakeOf(in ContentStreamId id)
    {
        SourceStreams? source = Of(id);
        if (source is null) _bySource[(id.Zone, id.ZoneKeyId, id.Source)] = source = new SourceStreams();
        return source;
    }

    private FcpStatus Check(ContentStream stream, in ContentFrame frame, ReplayVerdict verdict)
    {
        FcpStatus status = ReplayRules.Refusal(verdict);
        return status == FcpStatus.Accepted && _durability is not null ? _durability.Check(stream.Id.Zone, frame) : status;
    }

    /// <summary>Everything that stands between what opened and its commit.</summary>
    private FcpStatus Admit(ref ContentStream stream, in ContentFrame frame, bool isBody, Instant now)
    {
        FcpStatus status = FindCounted(ref stream);
        if (status == FcpStatus.Accepted) status = isBody ? CheckBody(stream, frame) : CheckSymbols(stream, frame);
        if (status == FcpStatus.Accepted) status = Keep(stream, now);
        return status == FcpStatus.Accepted && _durability is not null ? _durability.Admit(stream, frame, isBody) : status;
    }

    /// <summary>The same stream may have been prepared twice, by two paths, before anything of it was committed: one of the two counts.</summary>
    private FcpStatus FindCounted(ref ContentStream stream)
    {
        if (stream.IsKept) return FcpStatus.Accepted;
        if (_streams.TryGetValue(stream.Id, out ContentStream? kept)) stream = kept;
        else if (_tombstones.Contains(stream.Id)) return FcpStatus.ReplayRetired;
        return FcpStatus.Accepted;
    }

    private SourceStreams? Of(in ContentStreamId id) => _bySource.GetValueOrDefault((id.Zone, id.ZoneKeyId, id.Source));

    private int ExpectedOf(in ContentStreamId id)
    {
        int count = 0;
        foreach (ContentStream stream in Of(id)?.Open ?? []) count += stream.IsExpected ? 1 : 0;
        return count;
    }

    private bool HasRoom(in ContentStreamId id)
    {
        SourceStreams? source = Of(id);
        bool sourceIsFull = source is not null && source.Open.Count >= ReplayRules.ContentWindowsPerSourceMax;
        if (!sourceIsFull && _streams.Count < ReplayRules.ContentWindowsMax) return true;
        return source is { Open.Count: > 0, Tombstones: < ReplayRules.ContentTombstonesPerSourceMax } // one of its own makes room
            && _tombstones.Count < ReplayRules.ContentTombstonesMax;
    }

    private FcpStatus Keep(ContentStream stream, Instant now)
    {
        stream.LastUsedTicks = now.Ticks;
        if (stream.IsKept) return FcpStatus.Accepted;
        if (!HasRoom(stream.Id)) return FcpStatus.ReplayLaneLimit;
        SourceStreams source = MakeOf(stream.Id);
        bool isFull = source.Open.Count >= ReplayRules.ContentWindowsPerSourceMax || _streams.Count >= ReplayRules.ContentWindowsMax;
        if (isFull) RetireLongestIdle(source);
        source.Open.Add(stream);
        _streams.Add(stream.Id, stream);
        stream.IsKept = true;
        return FcpStatus.Accepted;
    }

    private void RetireLongestIdle(SourceStreams source)
    {
        int idle = 0;
        for (int i = 1; i < source.Open.Count; i++)
        {
            if (source.Open[i].LastUsedTicks < source.Open[idle].LastUsedTicks) idle = i;
        }

        ContentStream retired = source.Open[idle];
        _tombstones.Add(retired.Id);
        source.Tombstones++;
        _streams.Remove(retired.Id);
        source.Open.RemoveAt(idle);
        retired.IsKept = false;
    }

    private sealed class SourceStreams
    {
        public List<ContentStream> Open { get; } = [];

        public int Tombstones { get; set; }
    }
}
