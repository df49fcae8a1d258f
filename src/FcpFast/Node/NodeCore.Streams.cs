using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>Control connections and handshakes.</summary>
public sealed partial class NodeCore<TAead, TMac>
{
    private const byte HelloRetryMapHead = 0xA4; // a map of four fields: only a HelloRetry is one

    private readonly Dictionary<long, Connection> _connections = [];

    /// <inheritdoc/>
    public void Connected(long connection, NodeId peer, NetAddress remote, Instant now)
    {
        _now = now;
        PeerLink? link = peer.IsEmpty ? null : _links.GetValueOrDefault(peer);
        if (!peer.IsEmpty && link is not { State: LinkState.Connecting, Connection: null })
        {
            _parts.Streams.Close(connection); // too late, or asked for twice
            return;
        }

        var added = new Connection(connection, remote, link);
        _connections[connection] = added;
        if (link is null) return;
        link.Connection = added;
        link.Handshake = new HandshakeInitiator(_handshakes, link.Peer, now);
        SendHello(link, now);
    }

    /// <inheritdoc/>
    public void ConnectFailed(NodeId peer, Instant now)
    {
        _now = now;
        if (_links.TryGetValue(peer, out PeerLink? link) && link is { State: LinkState.Connecting, Connection: null }) TakeDown(link, now);
    }

    /// <inheritdoc/>
    public void Disconnected(long connection, Instant now)
    {
        _now = now;
        if (!_connections.Remove(connection, out Connection? gone) || gone.Link is not { } link || link.Connection != gone) return;
        link.Connection = null;
        if (link.Configuration.ConnectsTo) TakeDown(link, now); // a fresh handshake is the one way back
    }

    /// <inheritdoc/>
    public void Received(long connection, bool isHandshake, Span<byte> message, Instant now)
    {
        _now = now;
        if (!_connections.TryGetValue(connection, out Connection? from)) return;
        FcpStatus status = isHandshake ? ReceiveHandshake(from, message, now) : ReceiveControl(from, message, now);
        if (status == FcpStatus.Accepted) return;
        Counters.Count(status);
        if (status is FcpStatus.InvalidSignature or FcpStatus.AeadDecryptFailed) _limiter.CountFailures(from.Remote, 1, now);
    }

    private FcpStatus ReceiveHandshake(Connection from, ReadOnlySpan<byte> message, Instant now) =>
        from.Link is { Handshake: { } handshake } link && link.Connection == from
            ? ReceiveAnswer(link, handshake, message, now)
            : ReceiveHello(from, message, now);

    /// <summary>A responder's answer to this node's Hello.</summary>
    private FcpStatus ReceiveAnswer(PeerLink link, HandshakeInitiator handshake, ReadOnlySpan<byte> message, Instant now)
    {
        if (!message.IsEmpty && message[0] == HelloRetryMapHead)
        {
            FcpStatus retried = handshake.ReceiveRetry(message);
            if (retried == FcpStatus.Accepted) SendHello(link, now);
            return retried;
        }

        FcpStatus status = handshake.ReceiveAck(message, now, out PeerSession? session);
        if (status == FcpStatus.Accepted && !_sessions.TryAdd(session!))
        {
            session!.Dispose();
            status = FcpStatus.PeerTableFull;
        }

        if (status != FcpStatus.Accepted)
        {
            if (link.MayTellFailure(now)) _parts.Observer.HandshakeFailed(link.Peer, status);
            TakeDown(link, now);
            return status;
        }

        handshake.Dispose();
        link.Handshake = null;
        link.Connection!.Session = session;
        Establish(link, session!, now);
        return FcpStatus.Accepted;
    }

    /// <summary>A Hello over a connection.</summary>
    private FcpStatus ReceiveHello(Connection from, ReadOnlySpan<byte> message, Instant now)
    {
        FcpStatus status = AnswerHello(message, from.Remote, now, out PeerSession? session);
        if (!_writer.Written.IsEmpty && !_parts.Streams.Send(from.Number, isHandshake: true, _writer.Written)) return FcpStatus.UnknownSession;
        if (session is not null) from.Session = session;
        else if (_writer.Written.IsEmpty) CloseConnection(from); // refused: all refusals look alike from outside
        return status;
    }

    /// <summary>Answers a Hello, whatever it came by; the answer, if there is one, is in <see cref="_writer"/>.</summary>
    private FcpStatus AnswerHello(ReadOnlySpan<byte> message, NetAddress from, Instant now, out PeerSession? session)
    {
        session = null;
        _writer.Reset();
        FcpStatus status = _limiter.Judge(from, now);
        if (status != FcpStatus.Accepted) return status;
        if (_sessions.IsFull) return FcpStatus.PeerTableFull;
        status = _responder.Receive(message, now, _writer, out session);
        if (session is null) return status;
        if (!_links.TryGetValue(session.Peer, out PeerLink? link) || !_sessions.TryAdd(session))
        {
            session.Dispose();
            session = null;
            _writer.Reset();
            return FcpStatus.AttestationNodeMismatch; // attested, but no peer of this node
        }

        if (link.Unconfirmed is { } before) _sessions.Close(before);
        link.Unconfirmed = session;
        return FcpStatus.Accepted;
    }

    private void SendHello(PeerLink link, Instant now)
    {
        bool sent = link.Handshake!.WriteHello(_writer) == FcpStatus.Accepted
            && _parts.Streams.Send(link.Connection!.Number, isHandshake: true, _writer.Written);
        if (!sent) TakeDown(link, now);
    }

    private void CloseConnection(Connection connection)
    {
        _connections.Remove(connection.Number);
        _parts.Streams.Close(connection.Number);
    }
}
