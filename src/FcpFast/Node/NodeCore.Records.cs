using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <summary>What the control plane decided comes in here, between two turns: keys, members, peers.</summary>
/// <remarks>Source: [WIRE §12.2] (distribution), [WIRE §12.3], [WIRE §15].</remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    /// <inheritdoc/>
    public void Follow(ZoneKeyRingImage keys, MacSuite minSuite, IReadOnlySet<NodeId> members, Instant now)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ZoneEntry? before = _parts.Zones.Find(keys.Zone.ComputeHash());
        ZoneKeyRing ring = before?.Ring ?? new ZoneKeyRing(keys.Zone);
        if (before is not null && !before.Members.IsSubsetOf(members)) _handOver.NoteRemoval(ring, now);
        _erasedKeys.Clear();
        ring.Adopt(keys, _crypto, _erasedKeys);
        foreach (ZoneKeyId erased in _erasedKeys) Forget(ring, erased);
        if (before is null) _handOver.NoteRemoval(ring, now);
        _parts.Zones.Set(new ZoneEntry(ring, minSuite, members));
        TickRings(now);
        AnswerNotices(now);
    }

    /// <inheritdoc/>
    public void Follow(PeerIdentity peer, Instant now)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _now = now;
        PeerIdentity? before = _parts.Directory.Find(peer.NodeId);
        _parts.Directory.Set(peer);
        if (peer.NodeId == _parts.Self.NodeId || _parts.Shards?.Owns(peer.NodeId) == false) return;
        if (!_links.TryGetValue(peer.NodeId, out PeerLink? link))
        {
            AddLink(new PeerConfiguration(peer.NodeId, ConnectsTo: false, default, peer.IsRelay), now);
            return;
        }

        bool goesOn = peer.Judge(now.UnixSeconds) == FcpStatus.Accepted && before?.SigningKey == peer.SigningKey;
        if (goesOn || before is null) return;
        Drop(link, now); // revoked, or made anew: nothing of the old key counts any more
    }

    /// <inheritdoc/>
    public void Follow(PeerConfiguration peer, Instant now)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _now = now;
        if (!_links.TryGetValue(peer.NodeId, out PeerLink? link))
        {
            AddLink(peer, now);
            return;
        }

        PeerConfiguration before = link.Configuration;
        if (before.ConnectsTo == peer.ConnectsTo && before.Address == peer.Address) return;
        link.Configure(peer with { IsRelay = before.IsRelay });
        if (before.ConnectsTo) // it leaves, or moved; one that opened its session itself keeps it
        {
            Drop(link, now);
            link.Reset();
        }

        link.NextTryTicks = now.Ticks;
        WakeLinks(now);
        if (!peer.ConnectsTo && _parts.Directory.Find(peer.NodeId) is null) Forget(link);
    }

    /// <inheritdoc/>
    public bool SendRecord(NodeId to, ReadOnlySpan<byte> payload, Instant now) =>
        _links.TryGetValue(to, out PeerLink? link) && link is { IsUp: true, Connection: { } connection }
        && _parts.Streams.HasRoom(connection.Number, payload.Length) && SendControl(link, payload, now);

    private FcpStatus ReceiveRecord(PeerLink link, SchemaHash schema, ReadOnlySpan<byte> payload) =>
        _parts.Records is { } records && records.Takes(schema) ? records.Receive(link.Peer, payload) : FcpStatus.UnknownSchema;

    private void AddLink(PeerConfiguration peer, Instant now)
    {
        var link = new PeerLink(peer, new RequestBudget(_options.Admission), new RelayBudget(_options.RelayBytesPerSecondMax, now));
        _links.Add(peer.NodeId, link);
        _linksInOrder.Add(link);
        if (peer.IsRelay) _relays.Add(link);
        WakeLinks(now);
    }

    /// <summary>Ends everything with a peer, those sessions too that are not in use yet or any more.</summary>
    private void Drop(PeerLink link, Instant now)
    {
        TakeDown(link, now);
        (link.Unconfirmed, link.UnconfirmedBy) = (null, null);
        foreach (PeerSession session in _sessions.Sessions.Where(session => session.Peer == link.Peer).ToArray()) Close(session);
    }

    /// <summary>A link without sessions leaves; what still refers to it finds it down.</summary>
    private void Forget(PeerLink link)
    {
        _links.Remove(link.Peer);
        _linksInOrder.Remove(link);
        _relays.Remove(link);
        foreach (NodeId behind in _heardBy.Where(heard => heard.Value == link).Select(static heard => heard.Key).ToArray()) _heardBy.Remove(behind);
    }
}
