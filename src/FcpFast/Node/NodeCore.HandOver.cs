using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>From one zone key to the next, towards each peer by itself: the sender's side.</summary>
/// <remarks>
/// Shape:   as soon as this node has a key whose time comes, it draws the stream that it will seal in for each peer to which it seals now, and
///          announces it; it changes over when that peer has said that it is ready, or when the key before may seal no more. No peer holds up
///          another. Behind a relay nobody answers: there the change comes a fixed time after the key has. Where a member was removed the key
///          before seals no more, and until that peer is ready, or a short time is over, nothing is sealed for it.
/// Source:  [WIRE §12.3], [REPLAY §4.2], [REPLAY §6.1].
/// </remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    private readonly KeyHandOver _handOver = new();

    /// <inheritdoc/>
    public bool MaySeal(ZoneKeyRing zone, NodeId to) => StreamTo(zone, to, out _) is not null;

    private SealingStream? StreamTo(ZoneKeyRing zone, NodeId to, out PeerLink? link)
    {
        link = LinkTo(to);
        return link is { IsUp: true } && _parts.Zones.Find(zone.ZoneHash) is { } entry ? StreamTo(link, entry, _now) : null;
    }

    /// <summary>The stream that is sealed for a peer in a zone; null while the zone has no active key, the peer must get it first, or no instance may be drawn.</summary>
    private SealingStream? StreamTo(PeerLink link, ZoneEntry zone, Instant now)
    {
        link.Streams.TryGetValue(zone.Ring.ZoneHash, out SealingStream? present);
        if (present is { IsCurrent: true }) return present;
        ZoneKey? active = zone.Ring.Active;
        if (active is not null && MustWait(link, zone, present, active, now)) return null;
        SealingStream? next = active is null ? null : ChooseStream(link, zone, present, active, now);
        if (next is not null && next == present) return present;
        present?.Dispose();
        link.Streams.Remove(zone.Ring.ZoneHash);
        if (next is null) return null;
        link.Streams.Add(zone.Ring.ZoneHash, next);
        next.Begin(now);
        link.LeaveBehind(zone.Ring, next);
        next.Announcement.Sent(SendBody(link, next, _streamBody, now), now);
        return next;
    }

    /// <summary>The newest stream that may seal and whose receiver is ready for it; if there is none, one under the active key all the same.</summary>
    private SealingStream? ChooseStream(PeerLink link, ZoneEntry zone, SealingStream? present, ZoneKey active, Instant now)
    {
        bool hasBegun = false;
        for (int i = zone.Ring.ZoneKeys.Count - 1; i >= 0; i--)
        {
            ZoneKey key = zone.Ring.ZoneKeys[i];
            hasBegun |= key == active;
            if (!hasBegun || (key != active && !_handOver.MaySeal(zone.Ring.ZoneHash, key.Id, now))) continue;
            if (present is { IsLive: true } && present.ZoneKeyId == key.Id) return present;
            if (link.ComingUnder(zone.Ring.ZoneHash, key.Id) is { Stream.IsLive: true } coming && coming.IsReady(now)) return coming.Stream;
        }

        return link.ComingUnder(zone.Ring.ZoneHash, active.Id) is { Stream: { IsLive: true } unready } ? unready : NewStream(zone, active, now);
    }

    /// <summary>True while what was begun in a stream may go on in it: under the active key, or under one before that still seals.</summary>
    private bool MaySeal(SealingStream stream, Instant now) => stream.IsCurrent || _handOver.MaySeal(stream.ZoneHash, stream.ZoneKeyId, now);

    /// <summary>True for a short time after a member was removed, while the peer has not said that it is ready for the key that came of it.</summary>
    private bool MustWait(PeerLink link, ZoneEntry zone, SealingStream? present, ZoneKey active, Instant now)
    {
        if (present?.ZoneKeyId == active.Id || !_handOver.IsPaused(zone.Ring.ZoneHash, now)) return false;
        ComingStream? coming = link.ComingUnder(zone.Ring.ZoneHash, active.Id) ?? Draw(link, zone, active, now);
        if (coming is null || coming.IsReady(now)) return false;
        if (coming.IsNoticeDue(now)) Announce(link, coming, now);
        return true;
    }

    private SealingStream? NewStream(ZoneEntry zone, ZoneKey key, Instant now) =>
        _parts.Instances.Draw(key.Id, out SenderInstanceId instance) == FcpStatus.Accepted
            ? new SealingStream(_crypto, zone.Ring, key, _parts.Self.NodeId, instance, _options.StreamLimits.Jittered(Random64()), now)
            : null;

    /// <summary>Draws and announces what will be sealed in, for whom something is sealed now; when keys come, and once a second.</summary>
    private void PrepareStreams(ZoneEntry zone, Instant now)
    {
        _handOver.NoteReplaced(zone.Ring, now);
        if (!zone.Ring.MaySeal) return;
        foreach (PeerLink link in _linksInOrder)
        {
            bool isReached = link.IsUp && (link.Configuration.IsRelay || zone.Members.Contains(link.Peer));
            if (isReached && link.Streams.TryGetValue(zone.Ring.ZoneHash, out SealingStream? present)) Prepare(link, zone, present.ZoneKeyId, now);
        }
    }

    private void Prepare(PeerLink link, ZoneEntry zone, ZoneKeyId present, Instant now)
    {
        IReadOnlyList<ZoneKey> keys = zone.Ring.ZoneKeys;
        for (int i = keys.Count - 1; i >= 0 && link.IsUp && keys[i].Id != present; i--)
        {
            ComingStream? coming = link.ComingUnder(zone.Ring.ZoneHash, keys[i].Id) ?? Draw(link, zone, keys[i], now);
            if (coming is null) return;
            if (coming.IsNoticeDue(now)) Announce(link, coming, now);
            if (keys[i] == zone.Ring.Active) return; // what is older is not changed to any more
        }
    }

    private ComingStream? Draw(PeerLink link, ZoneEntry zone, ZoneKey key, Instant now)
    {
        if (NewStream(zone, key, now) is not { } stream) return null;
        var coming = new ComingStream(stream, link.Configuration.IsRelay ? now.Ticks + LinkRules.FarReadyTicks : long.MaxValue);
        link.Coming.Add(coming);
        return coming;
    }

    private void Announce(PeerLink link, ComingStream coming, Instant now)
    {
        coming.NoticeSent(now);
        new StreamNotice(coming.Stream.ZoneHash, coming.Stream.ZoneKeyId, coming.Stream.Instance, IsReady: false).Write(_writer.Reset());
        SendControl(link, _writer.Written, now);
    }

    private static FcpStatus TakeReady(PeerLink link, in StreamNotice notice)
    {
        if (link.ComingUnder(notice.Zone, notice.ZoneKeyId) is { } coming && coming.Stream.Instance == notice.Instance)
        {
            coming.Ready();
            return FcpStatus.Accepted;
        }

        bool isLate = link.Streams.TryGetValue(notice.Zone, out SealingStream? present) && present.Instance == notice.Instance;
        return isLate ? FcpStatus.Accepted : FcpStatus.UnknownSource;
    }
}
