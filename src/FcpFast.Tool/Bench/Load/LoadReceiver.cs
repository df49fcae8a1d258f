using System;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Bench.Runs;
using FcpFast.Transport;
using FcpFast.Transport.Udp;
using HdrHistogram;

namespace FcpFast.Tool.Bench.Load;

/// <summary>The receiving end of a load: a socket, a target, and the clock of the measurement.</summary>
/// <remarks>
/// Shape:   warms up from the first datagram on, measures, then tells the sender that it is over.
/// Threads: one.
/// Cost:    no allocation while it is measured.
/// </remarks>
internal sealed class LoadReceiver : ILoadEnd
{
    private const int SlabsPerReceive = 8;
    private const int WaitMilliseconds = 200;
    private const int OverRepeats = 5; // the last word may be lost like any other
    private const double WarmUpSecondsMax = 10;
    private const long LatencyMicrosecondsMax = 60_000_000;
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(15);

    private readonly LoadPlan _plan;
    private readonly LoadTarget _target;
    private readonly DatagramSlabPool _pool = new(SlabsPerReceive * 2);
    private readonly DatagramSlab?[] _slabs = new DatagramSlab?[SlabsPerReceive];
    private readonly byte[] _credit = new byte[LoadCredit.Bytes];
    private readonly LongHistogram _latency = new(LatencyMicrosecondsMax, 3);
    private readonly LoadMeter _meter = new();
    private readonly JitWatch _compiler = new();
    private readonly UdpPort _udp;
    private LoadPhase _phase;
    private long _phaseStarted;
    private ulong _datagrams;
    private long _forgedBefore;

    /// <summary>Opens the socket.</summary>
    public LoadReceiver(LoadPlan plan, LoadTarget target)
    {
        _plan = plan;
        _target = target;
        _udp = UdpPort.Open(
            new UdpPortOptions
            {
                Local = new IPEndPoint(IPAddress.Loopback, 0).ToNetAddress(),
                Offload = plan.Offload ? OffloadChoice.Auto : OffloadChoice.Off,
                SlabsPerReceive = SlabsPerReceive,
            },
            _pool);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => _udp.Local.ToEndPoint();

    /// <inheritdoc/>
    /// <remarks>Errors: <see cref="ToolException"/> if nothing comes for too long.</remarks>
    public JsonObject Run(CancellationToken cancellation)
    {
        long heard = Stopwatch.GetTimestamp();
        NetAddress sender = default;
        while (_phase != LoadPhase.Over)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = _udp.Receive(_slabs);
            long now = Stopwatch.GetTimestamp();
            if (count == 0)
            {
                if (Stopwatch.GetElapsedTime(heard, now) > GivesUpAfter) throw new ToolException("the load's sender has gone silent", "see its messages");
                _udp.Wait(WaitMilliseconds);
                continue;
            }

            for (int i = 0; i < count; i++)
            {
                NetAddress from = _slabs[i]!.Peer;
                if (!Take(_slabs[i]!)) continue; // a forger's: it gets no credit
                if (_phaseStarted == 0) _phaseStarted = now;
                heard = now;
                sender = from;
            }

            if (_phaseStarted == 0) continue;
            Advance(now);
            Tell(sender);
        }

        JsonObject report = _meter.Stop(_target.Frames, _target.PayloadBytes);
        for (int i = 0; i < OverRepeats; i++) Tell(sender);
        report["offload"] = _udp.Offload.IsOn;
        report["system_drops"] = _udp.SystemDrops;
        report["forged_per_s"] = Math.Round((_target.Forged - _forgedBefore) / (double)report["seconds"]!);
        if (_latency.TotalCount > 0)
        {
            report["latency_us"] = new JsonObject
            {
                ["p50"] = _latency.GetValueAtPercentile(50),
                ["p99"] = _latency.GetValueAtPercentile(99),
                ["p99.9"] = _latency.GetValueAtPercentile(99.9),
            };
        }

        return report;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _udp.Dispose();
        _pool.Dispose();
        _target.Dispose();
    }

    /// <summary>Takes a slab; false if nothing in it was the sender's.</summary>
    private bool Take(DatagramSlab slab)
    {
        long frames = _target.Frames, forged = _target.Forged;
        int count = slab.Count;
        _target.Take(slab.Filled, slab.DatagramBytes);
        slab.Return();
        if (_target.Frames == frames && _target.Forged > forged) return false;
        _datagrams += (ulong)count;
        long sealedTimestamp = _target.SealedTimestamp;
        if (sealedTimestamp == 0 || _phase != LoadPhase.Measured) return true;
        double microseconds = Stopwatch.GetElapsedTime(sealedTimestamp).TotalMicroseconds;
        _latency.RecordValue((long)Math.Clamp(microseconds, 0, LatencyMicrosecondsMax));
        return true;
    }

    private void Advance(long now)
    {
        double seconds = Stopwatch.GetElapsedTime(_phaseStarted, now).TotalSeconds;
        if (_phase == LoadPhase.WarmUp && seconds >= _plan.WarmUpSeconds && (_compiler.IsQuiet() || seconds >= WarmUpSecondsMax))
        {
            _phase = LoadPhase.Measured;
            _phaseStarted = now;
            _meter.Start(_target.Frames, _target.PayloadBytes);
            _forgedBefore = _target.Forged;
        }
        else if (_phase == LoadPhase.Measured && seconds >= _plan.Seconds)
        {
            _phase = LoadPhase.Over;
        }
    }

    private void Tell(in NetAddress sender)
    {
        new LoadCredit(_datagrams, _phase).Write(_credit);
        _udp.Send(_credit, LoadCredit.Bytes, sender, out _); // a lost one is made good by the next
    }
}
