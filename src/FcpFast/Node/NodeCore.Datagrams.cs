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
            if (_verify.FailedCount > 0) _door.CountFailures(from, _verify.FailedCount, now);
            if (_verify.AcceptedCount > 0) Take(slab[..taken], datagramBytes, from, now);
            slab = slab[taken..];
        }

        _parts.Audit?.Flush();
    }

    /// <inheritdoc/>
    public int FillDatagrams(Span<byte> slab, int segmentsMax, Instant now, out int datagramBytes, out DatagramRoute to)
    {
        _now = now;
        _nextFillTicks = long.MaxValue;
        datagramBytes = _answers.Take(slab, out NetAddress asker);
        to = new DatagramRoute(asker, IsFromOwnPort: false);
        if (datagramBytes > 0) return datagramBytes;
        datagramBytes = FillProbe(slab, now, out to);
        if (datagramBytes > 0) return datagramBytes;
        for (int i = 0; i < _outgoing.Destinations.Count; i++)
        {
            int turn = (_turn + i) % _outgoing.Destinations.Count;
            int bytes = FillSymbols(_outgoing.Destinations[turn], slab, segmentsMax, now, out datagramBytes, out to);
            if (bytes == 0) continue;
            _turn = turn + 1;
            return bytes;
        }

        datagramBytes = 0;
        to = default;
        return 0;
    }

    /// <summary>The frames of a batch that verified: they confirm sessions and paths, are passed on where there is a route, and are opened.</summary>
    private void Take(Span<byte> slab, int datagramBytes, NetAddress from, Instant now)
    {
        Span<FrameSlot> slots = _verify.Frames;
        int probes = 0;
        for (int i = 0; i < slots.Length;)
        {
            PeerSession? session = slots[i].Session;
            int end = i, bytes = 0;
            bool isNewest = false;
            for (; end < slots.Length && slots[end].Session == session; end++)
            {
                ref FrameSlot slot = ref slots[end];
                if (slot.Status != FcpStatus.Accepted) continue;
                bytes += DatagramLayout.HeaderBytes + slot.FrameBytes;
                isNewest |= slot.Lane!.Window.Highest == slot.Seq;
            }

            i = end;
            if (bytes > 0) Hear(session!, from, bytes, isNewest, now);
        }

        foreach (ref FrameSlot slot in slots)
        {
            if (slot.Status != FcpStatus.Accepted) continue;
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
        if (_routes.Count > 0) Forward(slab, slots, datagramBytes, now);
        Open(slab, slots, now);
        if (_open.NotDurableCount > 0) HoldUndurable(slab, slots, now);
        if (_open.UnknownSourceCount > 0) Hold(slab, slots, now);
    }

    /// <summary>Opens verified frames and delivers what they complete.</summary>
    private void Open(ReadOnlySpan<byte> slab, Span<FrameSlot> slots, Instant now)
    {
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
            if (slot.IsOpened) audit.Opened(slot.Lane!.Stream!.Id.Source, slot.Instance, slot.Seq);
        }
    }

    /// <summary>Seals symbols for a node within its rate and credit.</summary>
    private int FillSymbols(NodeId destination, Span<byte> slab, int segmentsMax, Instant now, out int datagramBytes, out DatagramRoute to)
    {
        datagramBytes = 0;
        to = default;
        if (LinkTo(destination) is not { State: LinkState.Ready, Session: { CanSend: true } session } link || !link.Path.IsConfirmed) return 0;
        to = RouteTo(session, link.Path.Address);
        int symbols = DatagramSizing.SymbolsPerFrame(session.Parameters.DatagramBytesMax);
        int symbolBytes = SymbolBytesOf(session);
        OutgoingPath path = _outgoing.PathTo(destination, now);
        long allowance = path.Rate.Allowance(now);
        if (allowance < path.Rate.QuantumBytes)
        {
            path.Pace(true, now);
            _nextFillTicks = Math.Min(_nextFillTicks, now.Ticks + path.Rate.TicksUntil(path.Rate.QuantumBytes));
            return 0;
        }

        _seal.Begin(slab.Length, symbolBytes, symbols, segmentsMax);
        OutgoingFile? file = _outgoing.Plan(destination, _seal, allowance, symbolBytes, now, out bool isPaced);
        path.Pace(isPaced, now);
        if (isPaced) _nextFillTicks = Math.Min(_nextFillTicks, now.Ticks + path.Rate.TicksUntil(path.Rate.QuantumBytes));
        if (file is null || _seal.FrameCount == 0) return 0;
        SealingStream? stream = _parts.Zones.Find(file.Zone.ZoneHash) is { } zone ? StreamTo(link, zone, now) : null;
        if (stream is null || _seal.Finish(session, stream, _outgoing.Memory, slab, now, out int bytes) != FcpStatus.Accepted) return 0;
        datagramBytes = _seal.DatagramBytes;
        path.Rate.Spend((long)_seal.SymbolCount * symbolBytes);
        if (_parts.Audit is { } audit)
        {
            audit.Sealed(stream.ZoneKeyId, stream.Instance, _seal.FirstSeq, _seal.FrameCount);
            audit.Flush();
        }

        FramesSent += _seal.FrameCount;
        return bytes;
    }

    /// <summary>Datagrams of a session: from this shard's own port where the peer drew the id, so that what comes back comes here.</summary>
    private static DatagramRoute RouteTo(PeerSession session, NetAddress to) => new(to, session.Parameters.IsInitiator);

    private static int SymbolBytesOf(PeerSession session)
    {
        int limit = session.Parameters.DatagramBytesMax;
        return DatagramSizing.SymbolBytes(limit, DatagramSizing.SymbolsPerFrame(limit));
    }

    private int SymbolBytesTo(NodeId node) =>
        LinkTo(node) is { State: LinkState.Ready, Session: { CanSend: true } session } ? SymbolBytesOf(session) : 0;

    /// <summary>A bare handshake message starts as a CBOR map of some fields, and names no session that is known.</summary>
    private bool IsHandshake(ReadOnlySpan<byte> datagram) =>
        datagram.Length is > SessionId.Length and <= Protocol.Cbor.CborLimits.HandshakeBytesMax
        && datagram[0] is >= SessionSteering.HelloFirst and <= SessionSteering.HelloLast
        && _sessions.Find(new SessionId(Bytes16.Read(datagram))) is null;

    private void ReceiveHelloDatagram(ReadOnlySpan<byte> message, NetAddress from, Instant now)
    {
        FcpStatus status = AnswerHello(message, from, by: null, now);
        Answer(status, from, now);
    }

    /// <inheritdoc/>
    public void ReceivedHello(ReadOnlySpan<byte> hello, NetAddress from, Instant now)
    {
        _now = now;
        _writer.Reset();
        FcpStatus status = _isHalted || _sessions.IsFull ? FcpStatus.HelloBudgetExceeded : Respond(hello, by: null, now);
        Answer(status, from, now);
    }

    /// <summary>Sends what there is to say to a Hello datagram, and counts why it was refused.</summary>
    private void Answer(FcpStatus status, NetAddress from, Instant now)
    {
        if (status != FcpStatus.Accepted) Counters.Count(status);
        if (status is FcpStatus.InvalidSignature) _door.CountFailures(from, 1, now);
        if (!_writer.Written.IsEmpty) _answers.Add(from, _writer.Written);
    }
}
