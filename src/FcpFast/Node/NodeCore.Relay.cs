using System;
using System.Collections.Generic;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>What a relay does: frames and bodies of a zone go on along its routes, unopened.</summary>
/// <remarks>
/// Shape:   a frame has verified and is committed in its lane before it comes here; it gets the next hop's MAC in the slab it lies in, and is
///          lost if the next hop cannot be reached now. Routes never lead back.
/// Source:  [DESIGN §1] (relay, routes), [WIRE §16.8], [REPLAY §2.5].
/// </remarks>
public sealed partial class NodeCore<TAead, TMac>
{
    private Dictionary<(ZoneIdHash Zone, NodeId From), PeerLink[]> _routes = [];
    private readonly IngressTable _ingress = new();
    private readonly ForwardBatch<TMac> _forward = new();
    private (ZoneIdHash Zone, PeerSession? Session, PeerLink? From, PeerLink[]? To) _lastRoute;

    /// <inheritdoc/>
    public long FramesPassedOn { get; private set; }

    /// <inheritdoc/>
    public StatusCounters ForwardCounters { get; } = new();

    /// <inheritdoc/>
    public void Follow(IReadOnlyList<RelayRoute> routes, Instant now)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var followed = new Dictionary<(ZoneIdHash Zone, NodeId From), PeerLink[]>();
        foreach (RelayRoute route in routes)
        {
            var to = new List<PeerLink>();
            foreach (NodeId peer in route.To)
            {
                if (peer == route.From) ThrowHelper.BadArgument(nameof(routes), "a route leads back to where it comes from");
                if (!_links.TryGetValue(peer, out PeerLink? link)) ThrowHelper.BadArgument(nameof(routes), "a route leads to a node that is no peer");
                to.Add(link);
            }

            if (!followed.TryAdd((route.Zone.ComputeHash(), route.From), [.. to])) ThrowHelper.BadArgument(nameof(routes), "a zone has two routes from one peer");
        }

        _now = now;
        _routes = followed;
        _lastRoute = default;
    }

    /// <summary>Passes on the frames of a batch that have a route, a run of one zone and session at a time.</summary>
    private void Forward(Span<byte> slab, Span<FrameSlot> slots, int datagramBytes, Instant now)
    {
        PeerLink[]? to = null;
        _forward.Begin();
        foreach (ref FrameSlot slot in slots)
        {
            if (slot.Status != FcpStatus.Accepted || slot.IsProbe) continue;
            PeerLink[]? route = RouteOf(slab, slot);
            if (route != to) ForwardRun(slab, to, now);
            to = route;
            if (route is null) continue;
            slot.IsPassedOn = _parts.Zones.Find(_lastRoute.Zone) is null;
            FcpStatus status = Admit(slot, _lastRoute.From!, DatagramLayout.HeaderBytes + slot.FrameBytes, now);
            if (status == FcpStatus.Accepted)
            {
                _forward.Add(slot);
                if (slot.IsPassedOn) FramesPassedOn++;
            }
            else if (slot.IsPassedOn)
            {
                Counters.Count(status);
            }
        }

        ForwardRun(slab, to, now);
    }

    private PeerLink[]? RouteOf(ReadOnlySpan<byte> slab, in FrameSlot slot)
    {
        ZoneIdHash zone = FrameView.ReadZone(slab.Slice(slot.FrameOffset, slot.FrameBytes));
        if (_lastRoute.Session != slot.Session || _lastRoute.Zone != zone)
        {
            PeerLink? from = _links.GetValueOrDefault(slot.Session!.Peer);
            _lastRoute = (zone, slot.Session, from, from is null ? null : _routes.GetValueOrDefault((zone, from.Peer)));
        }

        return _lastRoute.To;
    }

    private FcpStatus Admit(in FrameSlot slot, PeerLink from, int bytes, Instant now)
    {
        FcpStatus status = _ingress.Bind(slot.Lane!, from, now);
        if (status != FcpStatus.Accepted) return status;
        return from.Relayed.TrySpend(bytes, now) ? FcpStatus.Accepted : FcpStatus.RelayBudgetExceeded;
    }

    private void ForwardRun(Span<byte> slab, PeerLink[]? to, Instant now)
    {
        if (_forward.Count == 0) return;
        foreach (PeerLink egress in to ?? [])
        {
            bool isReady = egress is { State: LinkState.Ready, Session: not null } && egress.Path.IsConfirmed;
            FcpStatus status = isReady ? _forward.Write(egress.Session!, slab) : FcpStatus.NoRoute;
            ForwardCounters.Count(status, _forward.Count);
            if (status != FcpStatus.Accepted) continue;
            while (_forward.TryTakeRun(out int offset, out int bytes, out int datagramBytes))
            {
                _parts.Datagrams.Send(slab.Slice(offset, bytes), datagramBytes, RouteTo(egress.Session!, egress.Path.Address));
            }
        }

        _forward.Begin();
    }

    /// <summary>Passes a zone-sealed body on, as it came.</summary>
    private FcpStatus PassOn(PeerLink from, ReadOnlySpan<byte> zone, ReadOnlySpan<byte> payload, Instant now)
    {
        if (ZoneId.Parse(zone, out ZoneId id) != FcpStatus.Accepted || !_routes.TryGetValue((id.ComputeHash(), from.Peer), out PeerLink[]? to)) return FcpStatus.NoRoute;
        if (!from.Relayed.TrySpend(payload.Length, now)) return FcpStatus.RelayBudgetExceeded;
        FcpStatus status = FcpStatus.NoRoute;
        foreach (PeerLink egress in to)
        {
            bool isSent = egress is { IsUp: true, Connection: { } connection }
                && _parts.Streams.HasRoom(connection.Number, payload.Length) && SendControl(egress, payload, now);
            if (isSent) status = FcpStatus.Accepted;
        }

        return status;
    }
}
