using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>Control messages (FCPC).</summary>
public sealed partial class NodeCore<TAead, TMac>
{
    private byte[] _controlFrame = new byte[4096];

    private FcpStatus ReceiveControl(Connection from, Span<byte> frame, Instant now)
    {
        FcpStatus status = OpenControl(from, frame, now, out PeerLink? link, out PeerSession? session, out Span<byte> plaintext);
        if (status == FcpStatus.Accepted && session!.IsUnproven) return ReceiveUnproven(from, link!, session, plaintext, now);
        if (status == FcpStatus.Accepted) return Dispatch(link!, session!, plaintext, now);
        if (status == FcpStatus.CompressionUnsupported) return status;
        CloseConnection(from);
        Lost(from, now);
        return status;
    }

    /// <summary>Opens a control frame in place, and learns from it which session and peer the connection belongs to.</summary>
    private FcpStatus OpenControl(
        Connection from, Span<byte> frame, Instant now, out PeerLink? link, out PeerSession? session, out Span<byte> plaintext)
    {
        link = null;
        session = null;
        plaintext = default;
        FcpStatus status = FcpcHeader.ParseFrame(frame, FcpcHeader.CiphertextBytesMax, out FcpcHeader header);
        if (status != FcpStatus.Accepted) return status;
        session = _sessions.Find(header.SessionId);
        if (session is null || !_links.TryGetValue(session.Peer, out link)) return FcpStatus.UnknownSession;
        Span<byte> opened = frame.Slice(FcpcHeader.HeaderBytes, frame.Length - FcpcHeader.OverheadBytes);
        status = session.OpenControl(header, frame, opened);
        if (status != FcpStatus.Accepted) return status;
        plaintext = opened;
        if (session.IsUnproven && !TryProve(link, session, header.Seq, opened)) return FcpStatus.Accepted; // and it stays unproven
        if (session.Confirm()) Establish(link, session, link.Unconfirmed == session ? link.UnconfirmedBy : null, now);
        if (link.Session is null) return FcpStatus.UnknownSession; // a session that still drains, of a link that is down
        if (link.Connection != from && link.Session == session) Adopt(link, from, now);
        link.IsUnheard &= link.Connection != from;
        link.HeardTicks = now.Ticks;
        WakeLinks(now);
        return FcpStatus.Accepted;
    }

    /// <summary>One connection a session: the one on which a message of it opened last.</summary>
    private void Adopt(PeerLink link, Connection connection, Instant now)
    {
        if (link.Connection is { } before) CloseConnection(before);
        link.Connection = connection;
        link.IsReconnecting = false;
        link.FailedTries = 0;
        connection.Link = link;
        _parts.Streams.Prove(connection.Number);
        SendPing(link, now);
    }

    private FcpStatus Dispatch(PeerLink link, PeerSession session, ReadOnlySpan<byte> payload, Instant now)
    {
        FcpStatus status = CanonicalCbor.ReadSchema(payload, CborLimits.ControlPayloadBytesMax, out SchemaHash schema);
        if (status != FcpStatus.Accepted) return status;
        if (schema == SealedBody.Schema) return ReceiveSealed(link, session, payload, now);
        if (schema == PingBody.Schema) return ReceivePing(link, session, payload, now);
        if (schema == FenceBody.Schema) return ReceiveFence(link, session, payload);
        if (schema == StreamNotice.Schema) return ReceiveNotice(link, payload, now);
        if (schema == SymbolRequest.Schema) return ReceiveSymbolRequest(link, payload, now);
        if (schema == DecodeStatus.Schema) return ReceiveDecodeStatus(link.Peer, payload);
        return schema == SymbolAck.Schema ? ReceiveSymbolAck(link.Peer, payload) : ReceiveRecord(link, schema, payload);
    }

    /// <summary>Seals a message under the link's session and hands it to its connection.</summary>
    private bool SendControl(PeerLink link, ReadOnlySpan<byte> payload, Instant now) =>
        link.Connection is { } connection && SendControl(link, connection, payload, now);

    private bool SendControl(PeerLink link, Connection connection, ReadOnlySpan<byte> payload, Instant now)
    {
        if (link.Session is not { CanSend: true } session) return false;
        int bytes = payload.Length + FcpcHeader.OverheadBytes;
        if (_controlFrame.Length < bytes) _controlFrame = new byte[Math.Max(bytes, 2 * _controlFrame.Length)];
        Span<byte> frame = _controlFrame.AsSpan(0, bytes);
        if (session.SealControl(payload, frame) != FcpStatus.Accepted) return false;
        if (session.IsKept) Reserve(session);
        if (_parts.Streams.Send(connection.Number, isHandshake: false, frame)) return true;
        _connections.Remove(connection.Number);
        Lost(connection, now);
        return false;
    }

    private void SendPing(PeerLink link, Instant now) => SendPing(link, link.Connection, now);

    private void SendPing(PeerLink link, Connection? connection, Instant now)
    {
        if (link.PendingPing is null) link.UnansweredSinceTicks = now.Ticks;
        // One nonce until a session that goes on is proven, on whatever connection: else others, who send recordings, could outdate it.
        Bytes16 nonce = link is { PendingPing: { } asked, Session.IsUnproven: true } ? asked : Random16();
        link.PendingPing = nonce;
        link.PingedTicks = now.Ticks;
        new PingBody(nonce, _boot, IsReply: false).Write(_writer.Reset());
        if (connection is not null) SendControl(link, connection, _writer.Written, now);
    }

    /// <summary>A receiver that kept its session over a restart takes lower numbers of this stream no more. [WIRE §16.4]</summary>
    private static FcpStatus ReceiveFence(PeerLink link, PeerSession session, ReadOnlySpan<byte> payload)
    {
        FcpStatus status = FenceBody.Parse(payload, out FenceBody fence);
        if (status != FcpStatus.Accepted) return status;
        if (fence.Session != session.Id) return FcpStatus.UnknownSession;
        status = FcpStatus.UnknownSource;
        if (link.ProbeSequencer is { } probes && probes.Instance == fence.Instance) status = probes.SkipTo(fence.Ceiling);
        foreach (SealingStream stream in link.Streams.Values)
        {
            if (stream.Instance != fence.Instance) continue;
            status = stream.Symbols.SkipTo(fence.Ceiling);
            if (status == FcpStatus.Accepted) status = stream.Bodies.SkipTo(fence.Ceiling); // one ceiling stands for both counters of the stream
        }

        if (status == FcpStatus.Accepted && link.Session == session) link.Fenced.Add(fence.Instance);
        return status;
    }

    private FcpStatus ReceivePing(PeerLink link, PeerSession session, ReadOnlySpan<byte> payload, Instant now)
    {
        FcpStatus status = PingBody.Parse(payload, out PingBody ping);
        if (status != FcpStatus.Accepted || link.Session != session) return status; // late words of a session that drains tell nothing of the peer's process now
        if (link.Boot is { } known && known != ping.Boot) StartOver(link, now); // the peer is another process now
        link.Boot = ping.Boot;
        if (ping.IsReply)
        {
            if (link.PendingPing == ping.Nonce) link.PendingPing = null;
            return FcpStatus.Accepted;
        }

        if (link.Connection is { } connection) AnswerPing(link, connection, ping, now);
        return FcpStatus.Accepted;
    }

    private void AnswerPing(PeerLink link, Connection connection, in PingBody ping, Instant now)
    {
        new PingBody(ping.Nonce, _boot, IsReply: true).Write(_writer.Reset());
        SendControl(link, connection, _writer.Written, now);
    }
}
