using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects.Transfers;

/// <summary>A sender and a receiver on a virtual clock, with a path between them that delays, loses, repeats and reorders symbols, and delays bodies.</summary>
internal sealed class TransferPair
{
    private const long StepTicks = Instant.TicksPerMillisecond / 2;

    private readonly Random _random;
    private readonly PriorityQueue<Action, (long, long)> _underWay = new();
    private long _order;

    public TransferPair(ZoneKeyRing ring, Random random, int chunkBytes = 8 * 1024)
    {
        _random = random;
        Ring = ring;
        Sender = new SendingSide(ring, slots: 12, chunkBytes);
        Receiver = new ReceivingSide(ring, arenaBytes: 2 * 1024 * 1024);
    }

    public ZoneKeyRing Ring { get; }

    public SendingSide Sender { get; }

    public ReceivingSide Receiver { get; set; }

    public double Loss { get; init; }

    public double Duplication { get; init; }

    public double Reordering { get; init; }

    public long DelayTicks { get; init; } = 5 * Instant.TicksPerMillisecond;

    public long SymbolsSent { get; private set; }

    /// <summary>The most memory that the receiver's chunks have held.</summary>
    public int PeakBytes { get; private set; }

    /// <summary>Lets time pass until the condition holds; fails when it does not within so many virtual seconds.</summary>
    public void RunUntil(Func<bool> isDone, double seconds)
    {
        long end = Sender.Now.Ticks + (long)(seconds * Instant.TicksPerSecond);
        while (!isDone())
        {
            if (Sender.Now.Ticks > end) throw new TimeoutException($"not done after {seconds} virtual seconds");
            Step();
        }
    }

    /// <summary>Another process at the receiver: what was on its disk is still there.</summary>
    public void RestartReceiver()
    {
        MemoryStore before = Receiver.Store;
        Receiver = new ReceivingSide(
            Ring, arenaBytes: 2 * 1024 * 1024,
            store: new MemoryStore { Parts = before.Parts, Written = before.Written, ClosedSegments = before.ClosedSegments, Resumes = true });
        _underWay.Clear();
        Sender.Transfers.Restart(SendingSide.Receiver, Sender.Now);
    }

    private void Step()
    {
        var now = new Instant(Sender.Now.Ticks + StepTicks, Sender.Now.UnixSeconds);
        Sender.Now = now;
        Receiver.Now = now;
        while (_underWay.TryPeek(out Action? arrive, out (long At, long) next) && next.At <= now.Ticks)
        {
            _underWay.Dequeue();
            arrive();
        }

        Receiver.Transfers.AfterBatch();
        Receiver.Transfers.NoteArrivals();
        Receiver.Tick();
        Sender.Tick();
        SendSymbols(now);
        PeakBytes = Math.Max(PeakBytes, Receiver.Table.ArenaBytes - Receiver.Table.FreeBytes);
        foreach ((NodeId _, byte[] payload) in Drained(Sender.Outbox.Bodies)) Carry(() => TakeAnnouncement(payload), now);
        foreach ((NodeId _, byte[] payload) in Drained(Receiver.Outbox.Bodies)) Carry(() => TakeStatus(payload), now);
    }

    private void SendSymbols(Instant now)
    {
        OutgoingPath path = Sender.Transfers.PathTo(SendingSide.Receiver, now);
        while (true)
        {
            long allowance = path.Rate.Allowance(now);
            if (allowance < path.Rate.QuantumBytes)
            {
                path.Pace(true, now);
                return;
            }

            var planner = new ListPlanner();
            OutgoingFile? file = Sender.Transfers.Plan(SendingSide.Receiver, planner, allowance, SendingSide.SymbolBytes, now, out bool isPaced);
            path.Pace(isPaced, now);
            if (file is null) return;
            path.Rate.Spend((long)planner.Symbols.Count * SendingSide.SymbolBytes);
            SymbolsSent += planner.Symbols.Count;
            foreach ((ObjectId id, ushort k, uint esi, int offset) in planner.Symbols)
            {
                byte[] data = Sender.Transfers.Memory.Slice(offset, SendingSide.SymbolBytes).ToArray();
                if (_random.NextDouble() >= Loss) Carry(Arrive, now, isSymbol: true);
                if (_random.NextDouble() < Duplication) Carry(Arrive, now, isSymbol: true);
                void Arrive() => Receiver.Symbol(id, esi, k, data);
            }
        }
    }

    private void TakeAnnouncement(byte[] payload)
    {
        Receiver.Table.NowTicks = Receiver.Now.Ticks;
        if (FileBody.Parse(payload, out FileBody file) == FcpStatus.Accepted) Receiver.Transfers.ReceiveFile(Ring, ReceivingSide.Source, file, Receiver.Now);
        else if (SegmentBody.Parse(payload, out SegmentBody segment) == FcpStatus.Accepted) Receiver.Transfers.ReceiveSegment(Ring, ReceivingSide.Source, segment, Receiver.Now);
        else throw new InvalidOperationException("a sender says only files and segments");
    }

    private void TakeStatus(byte[] payload)
    {
        Assert.Equal(FcpStatus.Accepted, TransferStatusBody.Parse(payload, out TransferStatusBody status));
        Sender.Transfers.ReceiveStatus(Ring, SendingSide.Receiver, new SenderInstanceId(1), status, Sender.Now, out _);
    }

    private void Carry(Action arrive, Instant now, bool isSymbol = false)
    {
        Receiver.Table.NowTicks = now.Ticks;
        long extra = isSymbol && _random.NextDouble() < Reordering ? _random.NextInt64(2 * DelayTicks) : 0;
        _underWay.Enqueue(arrive, (now.Ticks + DelayTicks + extra, _order++));
    }

    private static List<(NodeId, byte[])> Drained(List<(NodeId, byte[])> bodies)
    {
        List<(NodeId, byte[])> taken = [.. bodies];
        bodies.Clear();
        return taken;
    }
}
