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
        WakeLinks(now);
        PeerLink? link = peer.IsEmpty ? null : _links.GetValueOrDefault(peer);
        bool isWanted = peer.IsEmpty || (link is { Connection: null } && (link.State == LinkState.Connecting || link.IsReconnecting));
        if (_isHalted || !isWanted)
        {
            _parts.Streams.Close(connection); // too late, or asked for twice
            return;
        }

        var added = new Connection(connection, remote, link);
        _connections[connection] = added;
        if (link is null) return;
        link.Connection = added;
        if (!link.IsReconnecting)
        {
            Greet(link, now);
            return;
        }

        link.IsReconnecting = false;
        link.IsUnheard = true;
        if (link.Session is { IsUnproven: true } kept) Challenge(link, kept, added, now);
        else SendPing(link, now); // the session's first message here proves to the peer whose connection this is
    }

    /// <inheritdoc/>
    public void ConnectFailed(NodeId peer, Instant now)
    {
        _now = now;
        if (!_links.TryGetValue(peer, out PeerLink? link) || link.Connection is not null) return;
        if (link.State == LinkState.Connecting) TakeDown(link, now);
        else if (link.IsReconnecting) PauseReconnecting(link, now);
    }

    /// <inheritdoc/>
    public void Disconnected(long connection, Instant now)
    {
        _now = now;
        if (_connections.Remove(connection, out Connection? gone)) Lost(gone, now);
    }

    /// <inheritdoc/>
    public void Received(long connection, bool isHandshake, Span<byte> message, Instant now)
    {
        _now = now;
        if (!_connections.TryGetValue(connection, out Connection? from)) return;
        FcpStatus status = isHandshake ? ReceiveHandshake(from, message, now) : ReceiveControl(from, message, now);
        if (status == FcpStatus.Accepted) return;
        ControlCounters.Count(status);
        if (status is FcpStatus.InvalidSignature or FcpStatus.AeadDecryptFailed) _door.CountFailures(from.Remote, 1, now);
    }

    /// <summary>A connection is gone. Its session goes on over the next one, unless nothing has opened on this one: then the peer knows it no more.</summary>
    private void Lost(Connection gone, Instant now)
    {
        if (gone.Link is not { } link || link.Connection != gone) return;
        link.Connection = null;
        bool goesOn = link.IsUp && !link.IsUnheard && link.Session is { CanSend: true };
        link.EndHandshake();
        if (goesOn) PauseReconnecting(link, now);
        else if (link.Configuration.ConnectsTo || link.IsUp) TakeDown(link, now);
    }

    private void PauseReconnecting(PeerLink link, Instant now)
    {
        link.IsReconnecting = false;
        link.NextTryTicks = now.Ticks + Math.Min(LinkRules.RetryTicks << Math.Min(link.FailedTries, 5), LinkRules.RetryTicksMax);
        link.FailedTries++;
        WakeLinks(now);
    }

    /// <summary>An answer to this node's Hello if it has the shape of one, else a Hello of the other end.</summary>
    private FcpStatus ReceiveHandshake(Connection from, ReadOnlySpan<byte> message, Instant now)
    {
        if (from.Link is { Handshake: { } handshake } link && link.Connection == from)
        {
            if (!message.IsEmpty && message[0] == HelloRetryMapHead) return ReceiveRetry(link, handshake, message, now);
            FcpStatus status = AckMessage.Parse(message, out _);
            if (status == FcpStatus.Accepted) return ReceiveAck(from, link, handshake, message, now);
        }

        bool isLate = !message.IsEmpty && message[0] == HelloRetryMapHead;
        return isLate ? FcpStatus.AckPeerMismatch : ReceiveHello(from, message, now);
    }

    private FcpStatus ReceiveRetry(PeerLink link, HandshakeInitiator handshake, ReadOnlySpan<byte> message, Instant now)
    {
        FcpStatus status = handshake.ReceiveRetry(message);
        if (status == FcpStatus.Accepted) SendHello(link, now);
        return status;
    }

    /// <summary>An Ack. One that is refused changes nothing: the right one may still come, until the handshake is given up.</summary>
    private FcpStatus ReceiveAck(Connection from, PeerLink link, HandshakeInitiator handshake, ReadOnlySpan<byte> message, Instant now)
    {
        FcpStatus status = handshake.ReceiveAck(message, now, out PeerSession? session);
        if (status == FcpStatus.Accepted && !TryAdd(session!))
        {
            session!.Dispose();
            status = FcpStatus.PeerTableFull;
        }

        if (status == FcpStatus.Accepted) Establish(link, session!, from, now);
        else if (link.MayTellFailure(now)) _parts.Observer.HandshakeFailed(link.Peer, status);
        return status;
    }

    /// <summary>A Hello over a connection.</summary>
    private FcpStatus ReceiveHello(Connection from, ReadOnlySpan<byte> message, Instant now)
    {
        FcpStatus status = AnswerHello(message, from.Remote, from, now);
        bool isAnswered = !_writer.Written.IsEmpty;
        if (isAnswered && !_parts.Streams.Send(from.Number, isHandshake: true, _writer.Written)) return FcpStatus.UnknownSession;
        bool isStranger = from.Link is null || from.Link.Connection != from;
        if (!isAnswered && isStranger) CloseConnection(from); // refused: all refusals look alike from outside
        return status;
    }

    /// <summary>Answers a Hello, whatever it came by; the answer, if there is one, is in <see cref="_writer"/>.</summary>
    /// <param name="message">The Hello.</param>
    /// <param name="from">Its sender's address.</param>
    /// <param name="by">The connection that it came by; null if it came as a datagram.</param>
    /// <param name="now">The time.</param>
    private FcpStatus AnswerHello(ReadOnlySpan<byte> message, NetAddress from, Connection? by, Instant now)
    {
        _writer.Reset();
        if (_isHalted) return FcpStatus.HelloBudgetExceeded; // nobody is let in before this life has a number of its own
        FcpStatus status = _door.Enter(from, isDatagram: by is null, _sessions.IsFull, now, out bool isUnderLoad);
        if (status != FcpStatus.Accepted) return status;
        _responder.IsUnderLoad = isUnderLoad;
        if (by is null && _parts.Shards is { } shards && HelloMessage.Parse(message, out HelloMessage hello) == FcpStatus.Accepted && !shards.Owns(hello.From))
        {
            return shards.PassOn(message, hello.From, from) ? FcpStatus.Accepted : FcpStatus.HelloBudgetExceeded;
        }

        return Respond(message, by, now);
    }

    /// <summary>Answers a Hello that was admitted.</summary>
    private FcpStatus Respond(ReadOnlySpan<byte> message, Connection? by, Instant now)
    {
        FcpStatus status = _responder.Receive(message, isAddressProven: by is not null, now, _writer, out PeerSession? session);
        if (session is null) return status;
        if (!_links.TryGetValue(session.Peer, out PeerLink? link) || !TryAdd(session))
        {
            session.Dispose();
            _writer.Reset();
            return FcpStatus.AttestationNodeMismatch; // attested, but no peer of this node
        }

        if (link.Unconfirmed is { } before) Close(before);
        link.Unconfirmed = session;
        link.UnconfirmedBy = by;
        _passing.Add(session);
        WakeLinks(now);
        return FcpStatus.Accepted;
    }

    /// <summary>Adds a session; false if there is no room, or one of its id is here or in another shard.</summary>
    private bool TryAdd(PeerSession session)
    {
        if (_parts.Shards is null) return _sessions.TryAdd(session);
        if (_sessions.IsFull || _sessions.Knows(session.Id) || !_parts.Shards.TryOpen(session.Id)) return false;
        bool isAdded = _sessions.TryAdd(session);
        Invariant.Require(isAdded, "a session that has room and a new id is added");
        return true;
    }

    private void SendHello(PeerLink link, Instant now)
    {
        if (link.Handshake!.WriteHello(_writer) != FcpStatus.Accepted)
        {
            TakeDown(link, now); // the signing key was erased
            return;
        }

        Connection connection = link.Connection!;
        if (_parts.Streams.Send(connection.Number, isHandshake: true, _writer.Written)) return;
        _connections.Remove(connection.Number);
        Lost(connection, now);
    }

    private void CloseConnection(Connection connection)
    {
        _connections.Remove(connection.Number);
        _parts.Streams.Close(connection.Number);
    }
}
