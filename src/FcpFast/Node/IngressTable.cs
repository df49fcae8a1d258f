using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Node;

/// <summary>By which ingress peer each sender instance comes to a relay.</summary>
/// <remarks>
/// Shape:   an instance belongs to the first peer that brought it, while that peer has a session: else a stranger could spend a stream's
///          numbers downstream. An entry is given up when its peer is down or its lane was silent for ten minutes, and room is needed.
/// Threads: the shard's thread.
/// Cost:    one look-up when a lane is new.
/// Source:  [REPLAY §2.5].
/// </remarks>
internal sealed class IngressTable
{
    private const int InstancesMax = 65_536;

    private readonly Dictionary<SenderInstanceId, (PeerLink From, Lane Lane)> _instances = [];
    private long _nextSweepTicks;

    /// <summary>Binds the instance of a lane to its ingress, or finds that it belongs to another.</summary>
    /// <returns><c>Accepted</c>, <c>ReplayInstanceTaken</c>, or <c>ReplayLaneLimit</c> if there is no room.</returns>
    public FcpStatus Bind(Lane lane, PeerLink from, Instant now)
    {
        if (lane.Owner == from) return FcpStatus.Accepted;
        if (_instances.TryGetValue(lane.Instance, out (PeerLink From, Lane Lane) bound))
        {
            if (bound.From != from && bound.From.IsUp) return FcpStatus.ReplayInstanceTaken;
        }
        else if (_instances.Count >= InstancesMax && !Sweep(now))
        {
            return FcpStatus.ReplayLaneLimit;
        }

        _instances[lane.Instance] = (from, lane);
        lane.Owner = from;
        return FcpStatus.Accepted;
    }

    private bool Sweep(Instant now)
    {
        if (now.Ticks < _nextSweepTicks) return false;
        _nextSweepTicks = now.Ticks + Instant.TicksPerSecond;
        foreach ((SenderInstanceId instance, (PeerLink from, Lane lane)) in _instances)
        {
            bool isOver = !from.IsUp || now.Ticks - lane.LastUsedTicks >= ReplayRules.LaneIdleTicks;
            if (isOver) _instances.Remove(instance); // removing while enumerating is allowed for Dictionary
        }

        return _instances.Count < InstancesMax;
    }
}
