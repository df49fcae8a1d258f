using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;
using FcpFast.Simulation.Links;

namespace FcpFast.Simulation.Nodes;

/// <content>The control connections, with the bounds that a stream port of FcpFast.Transport puts on strangers.</content>
internal sealed partial class NodeProcess
{
    private const int UnprovenControlBytesMax = 16 * 1024;

    private static readonly TimeSpan ProofTimeout = TimeSpan.FromSeconds(30);

    private readonly System.Collections.Generic.HashSet<long> _proven = [];

    /// <summary>Which process asked for a connection, and to whom.</summary>
    internal sealed record Request(NodeProcess Process, NodeId Peer);

    public void Connect(NodeId peer)
    {
        foreach (SimulatedNode host in _plan.ConnectsTo)
        {
            if (host.Id == peer) _world.Mesh.Connect(_machine, host.Address, new Request(this, peer));
        }
    }

    public bool Send(long connection, bool isHandshake, ReadOnlySpan<byte> message) =>
        _connections.TryGetValue(connection, out StreamEnd? end) && end.Send(isHandshake, message);

    public bool HasRoom(long connection, int bytes) =>
        _connections.TryGetValue(connection, out StreamEnd? end) && end.OutboundBytes + bytes <= StreamEnd.OutboundBytesMax / 2;

    public void Prove(long connection) => _proven.Add(connection);

    public void Close(long connection)
    {
        if (_connections.Remove(connection, out StreamEnd? end)) end.Close();
    }

    public void TakeConnection(StreamEnd end)
    {
        _connections.Add(end.Number, end);
        NodeId peer = end.Tag is Request request ? request.Peer : default;
        Post(now => Core.Connected(end.Number, peer, end.Remote, now));
        if (!end.IsAccepted) return;
        _world.After(ProofTimeout, () =>
        {
            if (!_proven.Contains(end.Number)) Refuse(end);
        });
    }

    public void TakeRefusal(NodeId peer) => Post(now => Core.ConnectFailed(peer, now));

    public void TakeMessage(StreamEnd end, bool isHandshake, byte[] message)
    {
        int bytesMax = isHandshake ? CborLimits.HandshakeBytesMax
            : FcpcHeader.OverheadBytes + (end.IsAccepted && !_proven.Contains(end.Number) ? UnprovenControlBytesMax : FcpcHeader.CiphertextBytesMax);
        if (message.Length == 0 || message.Length > bytesMax)
        {
            Refuse(end);
            return;
        }

        Post(now =>
        {
            if (_connections.ContainsKey(end.Number)) Core.Received(end.Number, isHandshake, message, now); // else closed meanwhile
        });
    }

    public void TakeClose(StreamEnd end) => Post(now =>
    {
        if (_connections.Remove(end.Number)) Core.Disconnected(end.Number, now);
    });

    /// <summary>Ends a connection on the port's own account, which the core learns as it learns of any end.</summary>
    private void Refuse(StreamEnd end)
    {
        if (_isOver || !end.IsOpen) return;
        end.Close();
        TakeClose(end);
    }

    private void Post(Action<Protocol.Diagnostics.Instant> action)
    {
        _events.Enqueue(action);
        Wake();
    }
}
