using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>The content windows of a node that opens frames: what an authorised relay, or a second path, cannot bring twice.</summary>
/// <remarks>
/// Shape:   at most 256 streams a source and zone key and 65,536 a node; at the bound the longest idle stream of that source becomes a
///          tombstone (at most 2^16 a node), never merely forgotten.
/// Errors:  <c>ReplayRetired</c>, <c>ReplayLaneLimit</c> (then a zone-key rotation is wanted), and the windows' own refusals.
/// Threads: one user at a time.
/// Cost:    a dictionary look-up; allocates when a stream is new.
/// Source:  [REPLAY §2.9] (D14).
/// </remarks>
public sealed class ContentWindows
{
    /// <summary>Width of the windows of zone-sealed bodies, which travel in order over one path.</summary>
    public const int BodyWidthFrames = 512;

    private readonly Dictionary<ContentStreamId, ContentStream> _streams = [];
    private readonly Dictionary<(ZoneKeyId, NodeId), List<ContentStream>> _bySource = [];
    private readonly HashSet<ContentStreamId> _tombstones = [];
    private readonly int _symbolWidthFrames;

    /// <summary>Makes an empty set of windows.</summary>
    /// <param name="symbolWidthFrames">Width of the windows of symbols.</param>
    public ContentWindows(int symbolWidthFrames = ReplayWindow.WidthFramesDefault) => _symbolWidthFrames = symbolWidthFrames;

    /// <summary>Streams with a window.</summary>
    public int Count => _streams.Count;

    /// <summary>Streams closed for good while their zone key lives.</summary>
    public int TombstoneCount => _tombstones.Count;

    /// <summary>Finds a stream, or prepares one that is kept only when something of it is committed.</summary>
    /// <remarks>Errors: <c>ReplayRetired</c>, <c>ReplayLaneLimit</c>.</remarks>
    public FcpStatus Prepare(in ContentStreamId id, out ContentStream? stream)
    {
        if (_streams.TryGetValue(id, out stream)) return FcpStatus.Accepted;
        if (_tombstones.Contains(id)) return FcpStatus.ReplayRetired;
        if (!HasRoom(id)) return FcpStatus.ReplayLaneLimit;
        stream = new ContentStream(id);
        return FcpStatus.Accepted;
    }

    /// <summary>Records the number of a frame of which at least one symbol opened and none failed.</summary>
    public FcpStatus CommitSymbols(ContentStream stream, FrameSeq seq, Instant now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReplayVerdict verdict = stream.CheckSymbols(seq);
        if (verdict != ReplayVerdict.Fresh) return ReplayRules.Refusal(verdict);
        FcpStatus status = Keep(stream, now);
        if (status != FcpStatus.Accepted) return status;
        stream.Symbols ??= new ReplayWindow(_symbolWidthFrames);
        return ReplayRules.Refusal(stream.Symbols.Commit(seq));
    }

    /// <summary>Records the number of a zone-sealed body that opened.</summary>
    public FcpStatus CommitBody(ContentStream stream, FrameSeq seq, Instant now)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReplayVerdict verdict = stream.CheckBodies(seq);
        if (verdict != ReplayVerdict.Fresh) return ReplayRules.Refusal(verdict);
        FcpStatus status = Keep(stream, now);
        if (status != FcpStatus.Accepted) return status;
        stream.Bodies ??= new ReplayWindow(BodyWidthFrames);
        return ReplayRules.Refusal(stream.Bodies.Commit(seq));
    }

    /// <summary>Forgets windows and tombstones of a zone key that left the ring: nothing sealed under it opens any more.</summary>
    public void Forget(ZoneKeyId zoneKeyId)
    {
        foreach (ContentStreamId id in _streams.Keys)
        {
            if (id.ZoneKeyId != zoneKeyId) continue;
            _streams[id].IsKept = false;
            _streams.Remove(id); // removing while enumerating is allowed for Dictionary
        }

        foreach ((ZoneKeyId, NodeId) source in _bySource.Keys)
        {
            if (source.Item1 == zoneKeyId) _bySource.Remove(source);
        }

        _tombstones.RemoveWhere(id => id.ZoneKeyId == zoneKeyId);
    }

    private bool HasRoom(in ContentStreamId id)
    {
        bool sourceHasStreams = _bySource.TryGetValue((id.ZoneKeyId, id.Source), out List<ContentStream>? ofSource);
        bool sourceIsFull = sourceHasStreams && ofSource!.Count >= ReplayRules.ContentWindowsPerSourceMax;
        if (!sourceIsFull && _streams.Count < ReplayRules.ContentWindowsMax) return true;
        return sourceHasStreams && _tombstones.Count < ReplayRules.ContentTombstonesMax; // one of its own makes room
    }

    private FcpStatus Keep(ContentStream stream, Instant now)
    {
        stream.LastUsedTicks = now.Ticks;
        if (stream.IsKept) return FcpStatus.Accepted;
        if (_streams.ContainsKey(stream.Id)) return FcpStatus.ReplayDuplicate; // prepared twice side by side; the other one counts
        if (_tombstones.Contains(stream.Id)) return FcpStatus.ReplayRetired;
        if (!HasRoom(stream.Id)) return FcpStatus.ReplayLaneLimit;
        (ZoneKeyId, NodeId) source = (stream.Id.ZoneKeyId, stream.Id.Source);
        if (!_bySource.TryGetValue(source, out List<ContentStream>? ofSource)) _bySource[source] = ofSource = [];
        if (ofSource.Count >= ReplayRules.ContentWindowsPerSourceMax || _streams.Count >= ReplayRules.ContentWindowsMax) RetireLongestIdle(ofSource);
        ofSource.Add(stream);
        _streams.Add(stream.Id, stream);
        stream.IsKept = true;
        return FcpStatus.Accepted;
    }

    private void RetireLongestIdle(List<ContentStream> ofSource)
    {
        int idle = 0;
        for (int i = 1; i < ofSource.Count; i++)
        {
            if (ofSource[i].LastUsedTicks < ofSource[idle].LastUsedTicks) idle = i;
        }

        ContentStream retired = ofSource[idle];
        _tombstones.Add(retired.Id);
        _streams.Remove(retired.Id);
        ofSource.RemoveAt(idle);
        retired.IsKept = false;
    }
}
