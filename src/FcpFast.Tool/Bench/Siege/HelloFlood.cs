using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Bench.Siege;

/// <summary>Hellos from ever other addresses, each well formed and in a peer's name; in their midst a real peer connects.</summary>
internal static class HelloFlood
{
    private const int PerTurnMax = 256;
    private const int RealPeer = 1;

    /// <summary>Lets the flood come for a while and tells what became of the node.</summary>
    public static JsonObject Measure(BenchEngine engine, int perSecond, double seconds, CancellationToken cancellation)
    {
        var start = new Instant(Instant.TicksPerSecond, 1_700_000_000);
        using var node = new SiegeNode(engine, RealPeer + 1, start);
        using var real = new SiegePeer(node, RealPeer, start);
        var flood = new Source(node, start);
        flood.Send(PerTurnMax, start); // compiles what follows, outside of what is counted
        flood.Drain(start);
        var clock = Stopwatch.StartNew();
        long sent = 0, allocated = 0, busyTicks = 0;
        double connectedAfter = -1, begunAt = seconds / 4;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            double elapsed = clock.Elapsed.TotalSeconds;
            var now = new Instant(start.Ticks + (long)(elapsed * Instant.TicksPerSecond), start.UnixSeconds + (ulong)elapsed);
            int due = (int)Math.Min(PerTurnMax, (long)(elapsed * perSecond) - sent);
            long bytes = GC.GetAllocatedBytesForCurrentThread(), begun = Stopwatch.GetTimestamp();
            flood.Send(due, now);
            flood.Drain(now);
            node.Core.Tick(now);
            busyTicks += Stopwatch.GetTimestamp() - begun;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
            sent += due;
            if (elapsed >= begunAt && connectedAfter < 0 && real.Step(now)) connectedAfter = clock.Elapsed.TotalSeconds - begunAt;
        }

        double rate = sent / clock.Elapsed.TotalSeconds, allocatedPerHello = (double)allocated / Math.Max(1, sent);
        bool isStateless = node.LinksUp == (connectedAfter < 0 ? 0 : 1) && allocatedPerHello < SiegeBounds.AllocatedPerHelloMax;
        return new JsonObject
        {
            ["hellos"] = sent,
            ["hellos_per_s"] = Math.Round(rate),
            ["ns_per_hello"] = Math.Round(busyTicks * (1e9 / Stopwatch.Frequency) / Math.Max(1, sent), 1),
            ["answers"] = flood.Answers,
            ["answers_longer_than_hellos"] = flood.LongAnswers,
            ["dropped_unread"] = node.Core.Counters[FcpStatus.HelloBudgetExceeded],
            ["allocated_bytes_per_hello"] = Math.Round(allocatedPerHello, 3),
            ["sessions"] = node.LinksUp,
            ["peer_connected_after_s"] = connectedAfter < 0 ? null : Math.Round(connectedAfter, 4),
            ["peer_connected_after_s_max"] = SiegeBounds.ConnectSecondsMax,
            ["ok"] = isStateless && flood.LongAnswers == 0 && connectedAfter is >= 0 and < SiegeBounds.ConnectSecondsMax,
        };
    }

    /// <summary>Where the flood comes from.</summary>
    private sealed class Source
    {
        private readonly SiegeNode _node;
        private readonly byte[] _hello;
        private readonly byte[] _scratch;
        private readonly byte[] _slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true);
        private readonly int _nonceOffset;
        private uint _number;

        public Source(SiegeNode node, Instant now)
        {
            _node = node;
            using var pretended = new SiegePeer(node, 0, now);
            _hello = pretended.WriteHello();
            _scratch = new byte[_hello.Length];
            Invariant.Require(HelloMessage.Parse(_hello, out HelloMessage hello) == FcpStatus.Accepted, "a Hello");
            _nonceOffset = _hello.AsSpan().IndexOf(hello.Nonce);
        }

        public long Answers { get; private set; }

        public long LongAnswers { get; private set; }

        public void Send(int count, Instant now)
        {
            Span<byte> address = stackalloc byte[4];
            for (int i = 0; i < count; i++)
            {
                _number++;
                _hello.CopyTo(_scratch, 0);
                BinaryPrimitives.WriteUInt32LittleEndian(_scratch.AsSpan(_nonceOffset), _number);
                BinaryPrimitives.WriteUInt32BigEndian(address, _number);
                _node.Core.ReceivedDatagrams(_scratch, _scratch.Length, NetAddress.IPv4(address, (ushort)(1024 + (_number % 50_000))), now);
            }
        }

        public void Drain(Instant now)
        {
            for (int bytes; (bytes = _node.Core.FillDatagrams(_slab, UdpPort.DatagramsPerRunMax, now, out _, out _)) > 0;)
            {
                Answers++;
                if (bytes > _hello.Length) LongAnswers++;
            }
        }
    }
}
