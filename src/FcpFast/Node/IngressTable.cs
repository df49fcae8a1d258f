using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Node;

/// <summary>By which ingress peer each sender instance comes to a relay.</summary>
/// <remarks>
/// Shape:   an instance belongs to the first peer that brought it, while that peer has a session: else a stranger could spend a stream's
///          numbers downstream. An entry is given up when its peer is down or its lane was silent for ten minutes, and room is needed. No peer
///          takes the room of others: each has a bound of its own.
/// Threads: the shard's thread.
/// Cost:    one look-up when a lane is new.
/// Source:  [REPLAY §2.5].
/// </remarks>
internal sealed class IngressTable
{
    /// <summary>Instances bound at once.</summary>
    public const int InstancesMax = 65_536;

    /// <summary>Instances of one ingress: what eight sessions with a relay, one after the other, may bring.</summary>
    public const int InstancesPerIngressMax = 8 * ReplayRules.RelayIngressLanesMax;

    private readonly Dictionary<SenderInstanceId, (PeerLink From, Lane Lane)> _instances = [];
    private readonly Dictionary<PeerLink, int> _perIngress = [];
    private long _nextSweepTicks;

    /// <summary>Instances bound now.</summary>
    public int Count => _instances.Count;

    /// <summary>Binds the instance of a lane to its ingress, or finds that it belongs to another.</summary>
    /// <returns><c>Accepted</c>, <c>ReplayInstanceTaken</c>, or <c>ReplayLaneLimit</c> if there is no room.</returns>
    public FcpStatus Bind(Lane lane, PeerLink from, Instant now)
    {
        if (lane.Owner == from) return FcpStatus.Accepted;
        if (_instances.TryGetValue(lane.Instance, out (PeerLink From, Lane Lane) bound))
        {
            if (bound.From != from && bound.From.IsUp) return FcpStatus.ReplayInstanceTaken;
            Remove(lane.Instance, bound.From, bound.Lane);
        }
        else if (!HasRoom(from) && !Sweep(from, now))
        {
            return FcpStatus.ReplayLaneLimit;
        }

        _instances.Add(lane.Instance, (from, lane));
        _perIngress[from] = _perIngress.GetValueOrDefault(from) + 1;
        lane.Owner = from;
        return FcpStatus.Accepted;
    }

    private bool HasRoom(PeerLink from) => _instances.Count < InstancesMax && _perIngress.GetValueOrDefault(from) < InstancesPerIngressMax;

    private bool Sweep(PeerLink from, Instant now)
    {
        if (now.Ticks < _nextSweepTicks) return false;
        _nextSweepTicks = now.Ticks + Instant.TicksPerSecond;
        foreach ((SenderInstanceId instance, (PeerLink ingress, Lane lane)) in _instances)
        {
            bool isOver = !ingress.IsUp || now.Ticks - lane.LastUsedTicks >= ReplayRules.LaneIdleTicks;
            if (isOver) Remove(instance, ingress, lane); // removing while enumerating is allowed for Dictionary
        }

        return HasRoom(from);
    }

    private void Remove(SenderInstanceId instance, PeerLink from, Lane lane)
    {
        _instances.Remove(instance);
        _perIngress[from]--;
        lane.Owner = null; // should it be heard of again, its instance may be another's by then
    }
}
