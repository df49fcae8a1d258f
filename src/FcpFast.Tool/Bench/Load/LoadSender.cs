using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Bench.Frames;
using FcpFast.Tool.Bench.Runs;
using FcpFast.Transport;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Bench.Load;

/// <summary>The sending end of a load: seals slab after slab and keeps a window of them under way.</summary>
/// <remarks>
/// Shape:   one slab, one system call; credits come back by the same socket. What is not heard of for a while counts as lost.
/// Threads: one.
/// Cost:    no allocation while it is measured.
/// </remarks>
internal sealed class LoadSender<TAead, TMac> : ILoadEnd
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private const int SlabsPerReceive = 4;
    private const int WaitMilliseconds = 5;
    private static readonly TimeSpan LostAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(15);

    private readonly FrameSender<TAead, TMac> _frames;
    private readonly DatagramSlabPool _pool = new(SlabsPerReceive * 2);
    private readonly DatagramSlab?[] _credits = new DatagramSlab?[SlabsPerReceive];
    private readonly byte[] _slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true);
    private readonly LoadMeter _meter = new();
    private readonly UdpPort _udp;
    private readonly NetAddress _to;
    private readonly LoadPlan _plan;
    private readonly int _perSlab;
    private readonly LoadPace _pace;
    private LoadPhase _phase;
    private JsonObject? _report;
    private ulong _sent;
    private ulong _settled; // taken by the receiver, or lost
    private ulong _lost;
    private long _heard = Stopwatch.GetTimestamp();

    /// <summary>Opens the socket.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="to">The receiver.</param>
    /// <param name="hasher">For the ids of objects.</param>
    public LoadSender(LoadPlan plan, IPEndPoint to, Blake3Hasher hasher)
    {
        _plan = plan;
        _to = to.ToNetAddress();
        _perSlab = FrameLimits.FramesPerSlab(plan.PayloadBytes);
        _pace = new LoadPace(plan.PacedGbps * 1e9 / 8 / ((double)_perSlab * plan.PayloadBytes));
        _frames = new FrameSender<TAead, TMac>(new FrameSecrets(plan.Suite, default(TMac)), plan.PayloadBytes, LoadPlan.Objects, plan.IsObjects ? hasher : null);
        _udp = UdpPort.Open(
            new UdpPortOptions
            {
                Local = new IPEndPoint(IPAddress.Loopback, 0).ToNetAddress(),
                Offload = plan.Offload ? OffloadChoice.Auto : OffloadChoice.Off,
                SlabsPerReceive = SlabsPerReceive,
            },
            _pool);
    }

    /// <inheritdoc/>
    public JsonObject Run(CancellationToken cancellation)
    {
        WarmUp();
        ulong window = (ulong)(_plan.WindowSlabs * _perSlab);
        while (_phase != LoadPhase.Over)
        {
            cancellation.ThrowIfCancellationRequested();
            TakeCredits();
            bool isPaced = _plan.PacedGbps > 0; // then it waits for no credit: what is lost on the way is what is measured
            if (isPaced ? _pace.IsDue : _sent - _settled + (ulong)_perSlab <= window) SendSlab();
            else if (isPaced) _udp.Wait(1);
            else AwaitCredit();
        }

        return _report!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _frames.Dispose();
        _udp.Dispose();
        _pool.Dispose();
    }

    /// <summary>Seals for nobody until the code is compiled in full: the receiver cannot see that.</summary>
    private void WarmUp()
    {
        var compiler = new JitWatch();
        long start = Stopwatch.GetTimestamp();
        while (!compiler.IsQuiet() && Stopwatch.GetElapsedTime(start) < WarmUpMax) _frames.Seal(_slab, _perSlab);
        _heard = Stopwatch.GetTimestamp();
    }

    private void SendSlab()
    {
        Span<byte> stamp = _plan.IsObjects ? default : _frames.Next[..sizeof(long)];
        if (!stamp.IsEmpty) BinaryPrimitives.WriteInt64LittleEndian(stamp, Stopwatch.GetTimestamp());
        int bytes = _frames.Seal(_slab, _perSlab), offset = 0;
        stamp.Clear(); // when the ring comes round, an old time must not look like a new one
        while (_udp.Send(_slab.AsSpan(offset, bytes - offset), _frames.DatagramBytes, _to, out int sentBytes) == SendStatus.WouldBlock)
        {
            offset += sentBytes;
            _udp.Wait(WaitMilliseconds, untilWritable: true);
            TakeCredits();
        }

        _sent += (ulong)_perSlab;
        _pace.Count();
    }

    private void AwaitCredit()
    {
        _udp.Wait(WaitMilliseconds);
        TimeSpan silent = Stopwatch.GetElapsedTime(_heard);
        if (silent > GivesUpAfter) throw new ToolException("the load's receiver has gone silent", "see its messages");
        if (silent <= LostAfter) return;
        _lost += _sent - _settled;
        _settled = _sent;
    }

    private void TakeCredits()
    {
        int count = _udp.Receive(_credits);
        for (int i = 0; i < count; i++)
        {
            DatagramSlab slab = _credits[i]!;
            for (int d = 0; d < slab.Count; d++)
            {
                if (LoadCredit.TryRead(slab.Datagram(d), out LoadCredit credit)) Take(credit);
            }

            slab.Return();
        }
    }

    private void Take(in LoadCredit credit)
    {
        _heard = Stopwatch.GetTimestamp();
        _settled = Math.Max(_settled, Math.Min(_sent, credit.Frames + _lost));
        if (credit.Phase <= _phase) return;
        if (_phase == LoadPhase.WarmUp) _meter.Start((long)_sent, 0);
        _phase = credit.Phase;
        if (_phase != LoadPhase.Over) return;
        _report = _meter.Stop((long)_sent, 0);
        _report["frames_lost"] = _lost;
    }
}
