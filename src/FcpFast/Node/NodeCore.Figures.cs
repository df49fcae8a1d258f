using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Session;

namespace FcpFast.Node;

/// <content>What is shown of peers and zones; read from what the path counts anyway.</content>
public sealed partial class NodeCore<TAead, TMac>
{
    /// <inheritdoc/>
    public int SessionCount => _sessions.Count;

    /// <inheritdoc/>
    public IReadOnlyList<FcpPeerFigures> DescribePeers()
    {
        ILookup<Protocol.Ids.NodeId, PeerSession> sessions = _sessions.Sessions.ToLookup(static session => session.Peer);
        return [.. _linksInOrder.Select(link => Describe(link, sessions[link.Peer]))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<FcpZoneFigures> DescribeZones() => [.. _parts.Zones.Zones.Select(Describe)];

    private FcpPeerFigures Describe(PeerLink link, IEnumerable<PeerSession> sessions) => new()
    {
        Node = link.Peer,
        State = link.State,
        ConnectsTo = link.Configuration.ConnectsTo,
        IsRelay = link.Configuration.IsRelay,
        Suite = link.Session is { } used ? (int)used.Suite : null,
        Session = link.Session?.Id,
        SessionAgeSeconds = link.Session is { } current ? (_now.Ticks - current.CreatedTicks) / (double)Instant.TicksPerSecond : null,
        Traffic = sessions.Aggregate(link.Closed, static (sum, session) => sum + session.Traffic),
        Streams = link.Streams.Count,
        Lanes = link.Session?.Lanes.Count ?? 0,
        IsKept = link.Session is { IsKept: true },
    };

    private FcpZoneFigures Describe(ZoneEntry zone)
    {
        ZoneKey? active = zone.Ring.MaySeal ? zone.Ring.Active : null;
        SealingStream[] streams = [.. _linksInOrder.SelectMany(link => link.Streams.Values).Where(stream => stream.ZoneHash == zone.Ring.ZoneHash)];
        return new FcpZoneFigures
        {
            Zone = zone.Ring.Zone,
            Members = zone.Members.Count,
            Keys = zone.Ring.ZoneKeys.Count,
            ActiveKey = active?.Id,
            KeyAgeSeconds = active is null ? null : Math.Max(0, (double)_now.UnixSeconds - active.SealsFromUnixSeconds),
            Epoch = zone.Ring.HighEpoch.Value,
            FramesSealed = streams.Aggregate(0ul, static (sum, stream) => sum + stream.Symbols.Next.Value - 1),
            StreamsOpen = streams.Length,
        };
    }

    /// <summary>Ends a session; what it carried stays in its peer's figures.</summary>
    private void Close(PeerSession session)
    {
        if (_links.TryGetValue(session.Peer, out PeerLink? link) && _sessions.Find(session.Id) == session) link.Closed += session.Traffic;
        Unkeep(session);
        if (_sessions.Find(session.Id) == session) _parts.Shards?.Closed(session.Id);
        _sessions.Close(session);
    }
}
