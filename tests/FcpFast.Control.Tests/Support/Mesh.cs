using System;
using System.Collections.Generic;
using FcpFast.Control.Nodes;
using FcpFast.Control.Store;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Support;

/// <summary>Exchanges of a fleet's nodes with queues between them.</summary>
internal sealed class Mesh(OwnedFleet fleet)
{
    private const int MessagesMax = 1000;

    private readonly Dictionary<NodeId, End> _ends = [];
    private readonly HashSet<(NodeId, NodeId)> _links = [];
    private readonly Queue<(NodeId From, NodeId To, ReadOnlyMemory<byte> Payload)> _queue = new();

    public bool Cut { get; set; }

    /// <summary>Sees every message on its way; false loses it.</summary>
    public Func<NodeId, NodeId, ReadOnlyMemory<byte>, bool> Passes { get; set; } = static (_, _, _) => true;

    public RecordExchange this[string name] => EndOf(name).Exchange;

    public int PeersChanged(string name) => EndOf(name).PeersChangedCount;

    public IReadOnlyList<NodeAlarm> AlarmsOf(string name) => EndOf(name).Alarms;

    public void Connect(string one, string other, ulong now)
    {
        _links.Add((TestZone.NodeOf(one), TestZone.NodeOf(other)));
        _links.Add((TestZone.NodeOf(other), TestZone.NodeOf(one)));
        EndOf(one).Exchange.Connected(TestZone.NodeOf(other), now);
        EndOf(other).Exchange.Connected(TestZone.NodeOf(one), now);
    }

    public void Disconnect(string one, string other)
    {
        _links.Remove((TestZone.NodeOf(one), TestZone.NodeOf(other)));
        _links.Remove((TestZone.NodeOf(other), TestZone.NodeOf(one)));
        EndOf(one).Exchange.Disconnected(TestZone.NodeOf(other));
        EndOf(other).Exchange.Disconnected(TestZone.NodeOf(one));
    }

    /// <summary>The node's process ended: what was on its way to it is lost, and its exchange begins anew over the fleet's present state.</summary>
    public void Restart(string name, ulong now)
    {
        NodeId node = TestZone.NodeOf(name);
        _ends.Remove(node);
        var peers = new List<NodeId>();
        foreach ((NodeId from, NodeId to) in _links)
        {
            if (from == node) peers.Add(to);
        }

        foreach (NodeId peer in peers)
        {
            Disconnect(name, peer.ToString());
            Connect(name, peer.ToString(), now);
        }
    }

    public int Deliver(ulong now)
    {
        int count = 0;
        for (; _queue.TryDequeue(out (NodeId From, NodeId To, ReadOnlyMemory<byte> Payload) next); count++)
        {
            Assert.InRange(count, 0, MessagesMax); // or they circle
            if (Cut || !_links.Contains((next.From, next.To)) || !Passes(next.From, next.To, next.Payload)) continue;
            EndOf(next.To.ToString()).Exchange.Receive(next.From, next.Payload, now);
        }

        return count;
    }

    /// <summary>A second passes at every node.</summary>
    public void Tick(ulong now)
    {
        foreach (End end in _ends.Values)
        {
            try
            {
                end.Exchange.Tick(new Instant((long)now * Instant.TicksPerSecond, now));
            }
            catch (StateStoreException e)
            {
                end.Alarms.Add(new NodeAlarm(NodeAlarmKind.StoreFailed, default, e.Message)); // as a running node does
            }
        }
    }

    private End EndOf(string name)
    {
        NodeId node = TestZone.NodeOf(name);
        if (!_ends.TryGetValue(node, out End? end)) _ends[node] = end = new End(this, fleet[name]);
        return end;
    }

    private sealed class End : IExchangePort
    {
        private readonly Mesh _mesh;
        private readonly NodeState _state;

        public End(Mesh mesh, NodeState state)
        {
            _mesh = mesh;
            _state = state;
            Exchange = new RecordExchange(state, this);
        }

        public RecordExchange Exchange { get; }

        public List<NodeAlarm> Alarms { get; } = [];

        public int PeersChangedCount { get; private set; }

        public void Send(NodeId to, ReadOnlyMemory<byte> payload) => _mesh._queue.Enqueue((_state.Node, to, payload));

        public void ZoneChanged(ZoneId zone) => Assert.Contains(zone, _state.Zones);

        public void PeersChanged() => PeersChangedCount++;

        public void Raise(NodeAlarm alarm) => Alarms.Add(alarm);
    }
}
