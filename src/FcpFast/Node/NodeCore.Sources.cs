using System;
using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>Whose frames a session brings, and by which session a node can be reached.</summary>
/// <remarks>Source: [WIRE §5], [WIRE §8] (connections), [WIRE §16.8].</remarks>
public sealed partial class NodeCore<TAead, TMac> : ISourceDirectory
{
    private readonly HeldFrames _undurable;
    private readonly List<PeerLink> _relays = [];
    private readonly Dictionary<NodeId, PeerLink> _heardBy = []; // members behind relays: the relay that brought a body of them last

    /// <inheritdoc/>
    public NodeId SourceOf(PeerSession session, SenderInstanceId instance, ZoneEntry zone, ZoneKeyId zoneKeyId)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(zone);
        if (!_links.TryGetValue(session.Peer, out PeerLink? link)) return default;
        NodeId source = link.Sources is { } sources ? sources.Find(zone.Ring.ZoneHash, zoneKeyId, instance) : session.Peer; // the attested peer itself
        return zone.Members.Contains(source) ? source : default;
    }

    /// <summary>The link by which a node is reached: its own, else that of the relay that brought its words last, else that of any relay.</summary>
    private PeerLink? LinkTo(NodeId node)
    {
        if (_links.TryGetValue(node, out PeerLink? direct) && direct.IsUp) return direct;
        if (_heardBy.TryGetValue(node, out PeerLink? heard) && heard.IsUp) return heard;
        foreach (PeerLink relay in _relays)
        {
            if (relay.IsUp) return relay;
        }

        return direct;
    }

    /// <summary>A body has opened: it proves which source its instance belongs to, on the session that it came by and on that session's successors.</summary>
    private void NoteSource(PeerLink link, ZoneIdHash zone, ZoneKeyId zoneKey, SenderInstanceId instance, NodeId source, Instant now)
    {
        if (link.Sources is not { } sources) return;
        if (source != link.Peer) _heardBy[source] = link;
        if (sources.Bind(zone, zoneKey, instance, source)) OpenHeld(sources, instance, now);
    }

    /// <summary>Keeps frames whose source may be told in a moment; those of a direct session, and what does not fit, are refused.</summary>
    private void Hold(ReadOnlySpan<byte> slab, Span<FrameSlot> slots, Instant now)
    {
        foreach (ref FrameSlot slot in slots)
        {
            if (slot.Status != FcpStatus.UnknownSource) continue;
            bool isHeld = _links.TryGetValue(slot.Session!.Peer, out PeerLink? link) && link.Sources is { } sources && sources.Frames.TryHold(slab, slot, now);
            if (!isHeld) Counters.Count(FcpStatus.UnknownSource);
        }

        WakeLinks(now);
    }

    private void OpenHeld(RelayedSources sources, SenderInstanceId instance, Instant now)
    {
        sources.Frames.Resume(instance);
        OpenHeld(sources.Frames, now);
    }

    /// <summary>Tries held frames again, the others being passed over; and lets go of those that were judged.</summary>
    private void OpenHeld(HeldFrames frames, Instant now)
    {
        Span<FrameSlot> held = frames.Held;
        for (int first = 0; first < held.Length; first += BatchLimits.FramesMax)
        {
            Span<FrameSlot> some = held[first..Math.Min(held.Length, first + BatchLimits.FramesMax)];
            Open(frames.Bytes, some, now);
            if (_open.NotDurableCount > 0 && frames != _undurable) HoldUndurable(frames.Bytes, some, now); // else they stay where they lie
        }

        frames.Release(now);
        _parts.Audit?.Flush();
    }

    /// <summary>Keeps frames that opened until their streams' records are durable; what does not fit is refused, and its sender repairs it.</summary>
    private void HoldUndurable(ReadOnlySpan<byte> slab, Span<FrameSlot> slots, Instant now)
    {
        foreach (ref FrameSlot slot in slots)
        {
            if (slot.Status == FcpStatus.ReplayNotDurable && !_undurable.TryHold(slab, slot, now)) Counters.Count(FcpStatus.ReplayNotDurable);
        }

        WakeLinks(now);
    }

    private void TickSources(Instant now, ref long next)
    {
        if (now.Ticks >= _undurable.DueTicks) Counters.Count(FcpStatus.ReplayNotDurable, _undurable.Release(now));
        next = Math.Min(next, _undurable.DueTicks);
        foreach (PeerLink relay in _relays)
        {
            RelayedSources sources = relay.Sources!;
            if (now.Ticks >= sources.Frames.DueTicks) Counters.Count(FcpStatus.UnknownSource, sources.Frames.Release(now));
            next = Math.Min(next, sources.Frames.DueTicks);
        }
    }
}
