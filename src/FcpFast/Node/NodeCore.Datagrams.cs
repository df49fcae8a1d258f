using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>The data path: slabs of datagrams in and out.</summary>
public sealed partial class NodeCore<TAead, TMac>
{
    private readonly VerifyBatch<TMac> _verify;
    private readonly OpenBatch<TAead, AssemblyTable> _open;
    private readonly SealBatch<TAead, TMac> _seal = new();
    private readonly AnswerQueue _answers = new();
    private int _turn;
    private long _nextFillTicks = long.MaxValue;

    /// <inheritdoc/>
    public long FramesSent { get; private set; }

    /// <inheritdoc/>
    public long FramesAccepted { get; private set; }

    /// <inheritdoc/>
    public long FramesOpened { get; private set; }

    /// <inheritdoc/>
    public long DatagramsVerified { get; private set; }

    /// <inheritdoc/>
    public void ReceivedDatagrams(Span<byte> slab, int datagramBytes, NetAddress from, Instant now)
    {
        _now = now;
        if (slab.Length <= datagramBytes && IsHandshake(slab))
        {
            ReceiveHelloDatagram(slab, from, now);
            return;
        }

        _assembly.NowTicks = now.Ticks;
        while (!slab.IsEmpty)
        {
            int taken = _verify.Verify(slab, datagramBytes, now);
            if (_verify.FailedCount > 0) _limiter.CountFailures(from, _verify.FailedCount, now);
            if (_verify.AcceptedCount > 0) Take(slab[..taken], from, now);
            slab = slab[taken..];
        }
    }

    /// <inheritdoc/>
    public int FillDatagrams(Span<byte> slab, int segmentsMax, Instant now, out int datagramBytes, out NetAddress to)
    {
        _now = now;
        _nextFillTicks = long.MaxValue;
        datagramBytes = _answers.Take(slab, out to);
        if (datagramBytes > 0) return datagramBytes;
        for (int i = 0; i < _linksInOrder.Count; i++)
        {
            PeerLink link = _linksInOrder[(_turn + i) % _linksInOrder.Count];
            if (link.Session is not { CanSend: true } session || !link.Path.IsSpecified) continue;
            int bytes = FillProbe(link, session, slab, now, out to);
            datagramBytes = bytes;
            if (bytes == 0 && link.State == LinkState.Ready) bytes = FillSymbols(link, session, slab, segmentsMax, now, out datagramBytes, out to);
            if (bytes == 0) continue;
            _turn = (_turn + i + 1) % _linksInOrder.Count;
            return bytes;
        }

        datagramBytes = 0;
        to = default;
        return 0;
    }

    /// <summary>The frames of a batch that verified: they confirm sessions and paths; then their symbols are opened.</summary>
    private void Take(ReadOnlySpan<byte> slab, NetAddress from, Instant now)
    {
        Span<FrameSlot> slots = _verify.Frames;
        PeerSession? last = null;
        int probes = 0;
        foreach (ref FrameSlot slot in slots)
        {
            if (slot.Status != FcpStatus.Accepted) continue;
            if (slot.Session != last)
            {
                last = slot.Session!;
                TakeFirst(last, from, now);
            }

            if (slot.IsProbe)
            {
                TakeProbe(slab, slot, from, now);
                probes++;
            }
            else
            {
                _parts.Audit?.Accepted(slot.Session!.Id, slot.Instance, slot.Seq);
            }
        }

        DatagramsVerified += _verify.AcceptedCount;
        FramesAccepted += _verify.AcceptedCount - probes;
        _open.Open(slab, slots, now);
        if (_open.OpenedCount == 0) return;
        FramesOpened += _open.OpenedCount;
        if (_parts.Audit is { } audit) AuditOpened(audit, slots);
        _incoming.AfterBatch();
        _incoming.NoteArrivals();
    }

    private static void AuditOpened(IFrameAudit audit, ReadOnlySpan<FrameSlot> slots)
    {
        foreach (ref readonly FrameSlot slot in slots)
        {
            if (slot.Status == FcpStatus.Accepted && !slot.IsProbe) audit.Opened(slot.Session!.Peer, slot.Instance, slot.Seq);
        }
    }

    /// <summary>A frame has verified: its peer holds the session's keys, and datagrams reach this node from there.</summary>
    private void TakeFirst(PeerSession session, NetAddress from, Instant now)
    {
        if (!_links.TryGetValue(session.Peer, out PeerLink? link)) return;
        if (session.Confirm()) Establish(link, session, now);
        if (link.Session != session) return;
        link.DatagramHeardTicks = now.Ticks;
        if (!link.Path.IsSpecified) link.Path = from;
    }

    private void TakeProbe(ReadOnlySpan<byte> slab, in FrameSlot slot, NetAddress from, Instant now)
    {
        if (!_links.TryGetValue(slot.Session!.Peer, out PeerLink? link) || link.Session != slot.Session) return;
        if (FrameView.Parse(slab.Slice(slot.FrameOffset, slot.FrameBytes), slot.FrameBytes, out FrameView frame) != FcpStatus.Accepted) return;
        if ((frame.Flags & FrameFlags.Response) == 0)
        {
            if (link.Echoes.Count < LinkRules.EchoesMax) link.Echoes.Enqueue((from, frame.ObjectId));
            return;
        }

        if (link.PendingProbe == default || frame.ObjectId != link.PendingProbe || from != link.Path) return;
        link.PendingProbe = default;
        link.IsPathConfirmed = true;
        MakeReady(link);
    }

    /// <summary>Writes an echo that is owed, or a probe that is due; 0 if neither.</summary>
    private int FillProbe(PeerLink link, PeerSession session, Span<byte> slab, Instant now, out NetAddress to)
    {
        to = link.Path;
        bool isEcho = link.Echoes.TryDequeue(out (NetAddress To, ObjectId Id) echo);
        if (!isEcho && now.Ticks < ProbeDueTicks(link)) return 0;
        if (link.ProbeSequencer is null || link.ProbeSequencer.Take(1, ProbeDatagram.Bytes, now, out FrameSeq seq) != FcpStatus.Accepted) return 0;
        ObjectId id = echo.Id;
        if (isEcho) to = echo.To;
        else
        {
            id = RandomObjectId();
            link.PendingProbe = id;
            link.ProbedTicks = now.Ticks;
        }

        FcpStatus status = ProbeDatagram.Write(_crypto.Mac, session, id, link.ProbeSequencer.Instance, seq, isEcho, slab);
        return status == FcpStatus.Accepted ? ProbeDatagram.Bytes : 0;
    }

    /// <summary>Seals symbols for a peer within its rate and credit.</summary>
    private int FillSymbols(
        PeerLink link, PeerSession session, Span<byte> slab, int segmentsMax, Instant now, out int datagramBytes, out NetAddress to)
    {
        datagramBytes = 0;
        to = link.Path;
        int symbols = DatagramSizing.SymbolsPerFrame(session.Parameters.DatagramBytesMax);
        int symbolBytes = SymbolBytesOf(session);
        OutgoingPath path = _outgoing.PathTo(link.Peer, now);
        long allowance = path.Rate.Allowance(now);
        if (allowance < path.Rate.QuantumBytes)
        {
            path.Pace(_outgoing.HasFileTo(link.Peer), now);
            _nextFillTicks = Math.Min(_nextFillTicks, now.Ticks + path.Rate.TicksUntil(path.Rate.QuantumBytes));
            return 0;
        }

        _seal.Begin(slab.Length, symbolBytes, symbols, segmentsMax);
        OutgoingFile? file = _outgoing.Plan(link.Peer, _seal, allowance, symbolBytes, now, out bool isPaced);
        path.Pace(isPaced, now);
        if (isPaced) _nextFillTicks = Math.Min(_nextFillTicks, now.Ticks + path.Rate.TicksUntil(path.Rate.QuantumBytes));
        if (file is null || _seal.FrameCount == 0) return 0;
        SealingStream? stream = FindZone(file.Zone.Zone) is { } zone ? StreamTo(link, zone, now) : null;
        if (stream is null || _seal.Finish(session, stream, _outgoing.Memory, slab, now, out int bytes) != FcpStatus.Accepted) return 0;
        datagramBytes = _seal.DatagramBytes;
        path.Rate.Spend(bytes);
        FramesSent += _seal.FrameCount;
        return bytes;
    }

    private static int SymbolBytesOf(PeerSession session)
    {
        int limit = session.Parameters.DatagramBytesMax;
        return DatagramSizing.SymbolBytes(limit, DatagramSizing.SymbolsPerFrame(limit));
    }

    private int SymbolBytesTo(NodeId peer) =>
        _links.TryGetValue(peer, out PeerLink? link) && link is { State: LinkState.Ready, Session: { CanSend: true } session } ? SymbolBytesOf(session) : 0;

    /// <summary>A bare handshake message starts as a CBOR map of some fields, and names no session that is known.</summary>
    private bool IsHandshake(ReadOnlySpan<byte> datagram) =>
        datagram.Length is > SessionId.Length and <= Protocol.Cbor.CborLimits.HandshakeBytesMax
        && datagram[0] is >= 0xA6 and <= 0xA9
        && _sessions.Find(new SessionId(Bytes16.Read(datagram))) is null;

    private void ReceiveHelloDatagram(ReadOnlySpan<byte> message, NetAddress from, Instant now)
    {
        FcpStatus status = AnswerHello(message, from, now, out _);
        if (status != FcpStatus.Accepted) Counters.Count(status);
        if (status is FcpStatus.InvalidSignature) _limiter.CountFailures(from, 1, now);
        if (!_writer.Written.IsEmpty) _answers.Add(from, _writer.Written);
    }
}
