using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading.Tasks;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Streams;

namespace FcpFast.Host;

/// <summary>The control connections of a shard's peers over TCP.</summary>
/// <remarks>Threads: the shard's thread; connecting goes on in tasks whose end comes back through a queue.</remarks>
internal sealed class StreamHost : IStreamPort
{
    private readonly Dictionary<long, StreamConnection> _connections = [];
    private readonly Dictionary<NodeId, NetAddress> _addresses = [];
    private readonly ConcurrentQueue<NodeId> _failed = new();
    private readonly StreamInbox _inbox;
    private readonly StreamFront _front;
    private readonly Action _wake;
    private readonly int _outboundBytesMax;
    private bool _isFinishing;

    /// <param name="peers">The shard's peers.</param>
    /// <param name="front">Makes and takes the connections of the node.</param>
    /// <param name="shard">Which shard this is.</param>
    /// <param name="options">The front's bounds.</param>
    /// <param name="wake">Wakes the shard.</param>
    public StreamHost(IEnumerable<PeerConfiguration> peers, StreamFront front, int shard, StreamOptions options, Action wake)
    {
        _wake = wake;
        _outboundBytesMax = options.OutboundBytesMax;
        _inbox = front.InboxOf(shard);
        _front = front;
        foreach (PeerConfiguration peer in peers)
        {
            if (peer.ConnectsTo) _addresses[peer.NodeId] = peer.Address;
        }
    }

    /// <summary>Goes on with a peer's address as it is configured now; the shard's thread.</summary>
    public void Follow(PeerConfiguration peer)
    {
        if (peer.ConnectsTo) _addresses[peer.NodeId] = peer.Address;
        else _addresses.Remove(peer.NodeId);
    }

    /// <summary>Ends every connection behind what waits in it, and makes no more; true once all have ended.</summary>
    public bool Finish()
    {
        if (!_isFinishing)
        {
            foreach (StreamConnection connection in _connections.Values) connection.FinishSending();
        }

        _isFinishing = true;
        return _connections.Count == 0;
    }

    public void Connect(NodeId peer)
    {
        if (!_isFinishing) _ = ConnectAsync(peer, _addresses[peer]);
    }

    public bool Send(long connection, bool isHandshake, ReadOnlySpan<byte> message) =>
        _connections.TryGetValue(connection, out StreamConnection? to)
        && to.Send(isHandshake ? StreamMessageKind.Handshake : StreamMessageKind.Control, message);

    public bool HasRoom(long connection, int bytes) =>
        _connections.TryGetValue(connection, out StreamConnection? to) && to.OutboundBytes + bytes <= _outboundBytesMax / 2;

    public void Prove(long connection)
    {
        if (_connections.TryGetValue(connection, out StreamConnection? proven)) proven.MarkProven();
    }

    public void Close(long connection)
    {
        if (_connections.Remove(connection, out StreamConnection? closed)) closed.Close();
    }

    /// <summary>Hands what has happened to the core; true if anything had.</summary>
    public bool Pump(INodeCore core, Instant now)
    {
        bool any = false;
        while (_failed.TryDequeue(out NodeId peer))
        {
            core.ConnectFailed(peer, now);
            any = true;
        }

        while (_inbox.TryTake(out StreamEvent next))
        {
            any = true;
            switch (next.Kind)
            {
                case StreamEventKind.Opened:
                    if (!IsWanted(next.Connection))
                    {
                        next.Connection.Close();
                        break;
                    }

                    _connections[next.Connection.Id] = next.Connection;
                    core.Connected(next.Connection.Id, next.Connection.Tag is NodeId peer ? peer : default, next.Connection.Remote, now);
                    break;
                case StreamEventKind.Message:
                    using (StreamMessage message = next.Message!)
                    {
                        if (!_connections.ContainsKey(next.Connection.Id)) break; // closed meanwhile
                        core.Received(next.Connection.Id, message.Kind == StreamMessageKind.Handshake, message.Bytes.Span, now);
                    }

                    break;
                case StreamEventKind.Closed:
                    if (_connections.Remove(next.Connection.Id) && !_isFinishing) core.Disconnected(next.Connection.Id, now);
                    break;
            }
        }

        return any;
    }

    /// <summary>False for one that was begun to where its peer is not any more.</summary>
    private bool IsWanted(StreamConnection connection) =>
        !_isFinishing && (connection.Tag is not NodeId peer || (_addresses.TryGetValue(peer, out NetAddress address) && address == connection.Remote));

    private async Task ConnectAsync(NodeId peer, NetAddress address)
    {
        if (await _front.ConnectAsync(peer, address).ConfigureAwait(false)) return;
        _failed.Enqueue(peer);
        _wake();
    }
}
