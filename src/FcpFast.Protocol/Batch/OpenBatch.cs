using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Protocol.Batch;

/// <summary>The second half of the receive path: from verified frames to symbols in their places.</summary>
/// <typeparam name="TAead">The AEAD engine.</typeparam>
/// <typeparam name="TSink">Where symbols go.</typeparam>
/// <remarks>
/// Shape:   per frame, in this order: suite floor, zone key by its id (never by trial), source, content window, places; then the AEAD of each
///          run of one subkey at once; then per frame the commit in the content window, if at least one symbol opened and none failed.
///          A frame that fails leaves its places empty and the window as it was; and it holds up no other: what came of a batch is what would
///          have come of its frames one at a time. Keys and stream are found once for all frames that follow each other with one header.
/// Errors:  a status a frame, counted.
/// Threads: one user at a time.
/// Cost:    no allocation but when a stream is new.
/// Source:  [WIRE §5], [WIRE §6], [REPLAY §2.9].
/// </remarks>
public sealed partial class OpenBatch<TAead, TSink>
    where TAead : struct, IAeadEngine
    where TSink : ISymbolSink
{
    private readonly ZoneTable _zones;
    private readonly ContentWindows _windows;
    private readonly SubkeyCache _subkeys;
    private readonly ISourceDirectory _sources;
    private readonly StatusCounters _counters;
    private readonly TSink _sink;
    private readonly TAead _aead;
    private int _head; // the slot whose key is held; -1 for none
    private FrameKey _headKey;

    /// <summary>Makes a batch for one shard.</summary>
    /// <param name="zones">The node's zones.</param>
    /// <param name="windows">Its content windows.</param>
    /// <param name="subkeys">Its subkeys.</param>
    /// <param name="sources">Tells which source an instance belongs to.</param>
    /// <param name="counters">Where refusals are counted.</param>
    /// <param name="sink">Where symbols go.</param>
    /// <param name="aead">The AEAD engine.</param>
    public OpenBatch(
        ZoneTable zones, ContentWindows windows, SubkeyCache subkeys, ISourceDirectory sources, StatusCounters counters, TSink sink,
        TAead aead = default)
    {
        _zones = zones;
        _windows = windows;
        _subkeys = subkeys;
        _sources = sources;
        _counters = counters;
        _sink = sink;
        _aead = aead;
    }

    /// <summary>How many frames the last pass opened.</summary>
    public int OpenedCount { get; private set; }

    /// <summary>How many frames of the last pass were refused for want of their source; these are left for the caller to hold or to count.</summary>
    public int UnknownSourceCount { get; private set; }

    /// <summary>How many frames of the last pass opened and wait for their stream's record; these are left for the caller, too.</summary>
    public int NotDurableCount { get; private set; }

    /// <summary>Opens the frames that a verified batch holds; probes and refused frames are passed over.</summary>
    /// <param name="slab">The slab of that batch.</param>
    /// <param name="frames">Its slots; their statuses are completed here.</param>
    /// <param name="now">The time.</param>
    public void Open(ReadOnlySpan<byte> slab, Span<FrameSlot> frames, Instant now)
    {
        if (frames.Length > BatchLimits.FramesMax) ThrowHelper.BadArgument(nameof(frames), "a batch holds at most 256 frames");
        OpenedCount = 0;
        UnknownSourceCount = 0;
        NotDurableCount = 0;
        _head = -1;
        for (int i = 0; i < frames.Length; i++)
        {
            ref FrameSlot slot = ref frames[i];
            if (slot.Status != FcpStatus.Accepted || slot.IsProbe || slot.IsPassedOn) continue;
            FcpStatus status = Judge(slab, frames, i, now);
            if (status == FcpStatus.Undecided)
            {
                Flush(slab, frames, now);
                status = Judge(slab, frames, i, now);
            }

            if (status == FcpStatus.Accepted) continue;
            slot.Status = status;
            if (status == FcpStatus.UnknownSource) UnknownSourceCount++;
            else _counters.Count(status);
        }

        Flush(slab, frames, now);
    }

    /// <summary>Everything before the AEAD; <c>Undecided</c> while the gathered run, which may yet fail, holds a place that the frame needs.</summary>
    private FcpStatus Judge(ReadOnlySpan<byte> slab, Span<FrameSlot> frames, int index, Instant now)
    {
        ref FrameSlot slot = ref frames[index];
        ReadOnlySpan<byte> bytes = slab.Slice(slot.FrameOffset, slot.FrameBytes);
        if (!TryFollow(slab, frames, bytes, slot, out FrameView frame))
        {
            _head = -1;
            FrameView.Parse(bytes, bytes.Length, out frame);
            FcpStatus refusal = FindKey(slot, frame, out _headKey);
            if (refusal != FcpStatus.Accepted) return refusal;
            _head = index;
        }

        FcpStatus status = _windows.CheckSymbols(_headKey.Stream!, new ContentFrame(slot.Seq, frame.Epoch, slot.Lane!.IsDirect));
        return status == FcpStatus.Accepted ? Gather(slab, frames, index, frame, now) : status;
    }

    /// <summary>
    /// True if the last frame whose key was found came over the same lane of the same session, with the same header but for the number, and its
    /// stream is counted: until then, two paths may have prepared one stream twice.
    /// </summary>
    private bool TryFollow(ReadOnlySpan<byte> slab, ReadOnlySpan<FrameSlot> frames, ReadOnlySpan<byte> bytes, in FrameSlot slot, out FrameView frame)
    {
        frame = default;
        if (_head < 0 || !_headKey.Stream!.IsKept) return false;
        ref readonly FrameSlot head = ref frames[_head];
        return ReferenceEquals(slot.Session, head.Session) && ReferenceEquals(slot.Lane, head.Lane)
            && FrameView.TryFollow(slab.Slice(head.FrameOffset, head.FrameBytes), bytes, out frame);
    }

    /// <summary>Finds the stream and subkey of a frame.</summary>
    private FcpStatus FindKey(in FrameSlot slot, in FrameView frame, out FrameKey key)
    {
        key = default;
        PeerSession session = slot.Session!;
        ZoneEntry? zone = _zones.Find(frame.ZoneIdHash);
        if (zone is null) return FcpStatus.UnknownZoneKey;
        if (session.Suite < zone.MinSuite) return FcpStatus.SuiteBelowFloor;
        ZoneKey? zoneKey = zone.Ring.Find(frame.ZoneKeyId);
        if (zoneKey is null) return FcpStatus.UnknownZoneKey;
        FcpStatus status = zoneKey.TryGet(frame.Epoch, out SecretKey? parent, out EpochId subkeyEpoch);
        if (status != FcpStatus.Accepted) return status;
        status = FindStream(slot, zone, frame.ZoneKeyId, out ContentStream? stream);
        if (status == FcpStatus.Accepted) key = new FrameKey(stream, subkeyEpoch, parent, zoneKey.Algorithm);
        return status;
    }

    private FcpStatus FindStream(in FrameSlot slot, ZoneEntry zone, ZoneKeyId zoneKeyId, out ContentStream? stream)
    {
        stream = slot.Lane!.Stream;
        bool isKnown = stream is { IsKept: true } && stream.Id.ZoneKeyId == zoneKeyId && stream.Id.Zone == zone.Ring.ZoneHash;
        if (isKnown) return FcpStatus.Accepted;
        NodeId source = _sources.SourceOf(slot.Session!, slot.Instance, zone, zoneKeyId);
        if (source.IsEmpty) return FcpStatus.UnknownSource;
        FcpStatus status = _windows.Prepare(new ContentStreamId(zone.Ring.ZoneHash, zoneKeyId, source, slot.Instance), ref stream);
        if (status != FcpStatus.Accepted) return status;
        slot.Lane.Stream = stream;
        slot.Lane.IsDirect = source == slot.Session!.Peer;
        return status;
    }

    /// <summary>What a frame is opened with: a stream's subkey of one epoch.</summary>
    private readonly record struct FrameKey(ContentStream? Stream, EpochId Epoch, SecretKey? Parent, AeadAlgorithm Algorithm)
    {
        /// <summary>Frames of one stream over two paths may know it by two objects, until one of them is committed.</summary>
        public bool IsSameSubkey(in FrameKey other) =>
            Epoch == other.Epoch && (ReferenceEquals(Stream, other.Stream) || (Stream is not null && other.Stream is not null && Stream.Id == other.Stream.Id));

        public SubkeyId SubkeyId =>
            new(Stream!.Id.Zone, Stream.Id.ZoneKeyId, Epoch, Stream.Id.Source, Stream.Id.Instance, SubkeyPurpose.Symbols);
    }
}
