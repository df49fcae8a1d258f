using System;
using System.Net;
using System.Text.Json.Nodes;
using System.Threading;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Bench.Frames;
using FcpFast.Transport;
using FcpFast.Transport.Udp;

namespace FcpFast.Tool.Bench.Load;

/// <summary>Sends frames that name a live session and are of nobody: they pass every check that is cheaper than the MAC, and fail there.</summary>
/// <remarks>Threads: one.</remarks>
internal sealed class LoadForger<TAead, TMac> : ILoadEnd
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly DatagramSlabPool _pool = new(2);
    private readonly byte[] _slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true);
    private readonly UdpPort _udp;
    private readonly NetAddress _to;
    private readonly LoadPace _pace;
    private readonly int _bytes;
    private readonly int _perSlab;
    private readonly int _datagramBytes;

    /// <summary>Opens the socket, and forges a slab of frames.</summary>
    public LoadForger(LoadPlan plan, IPEndPoint to)
    {
        _to = to.ToNetAddress();
        _perSlab = FrameLimits.FramesPerSlab(plan.PayloadBytes);
        _pace = new LoadPace(plan.ForgedPerSecond / (double)_perSlab);
        using var frames = new FrameSender<TAead, TMac>(new FrameSecrets(plan.Suite, default(TMac)), plan.PayloadBytes, LoadPlan.Objects);
        _bytes = frames.Seal(_slab, _perSlab);
        _datagramBytes = frames.DatagramBytes;
        for (int offset = 0; offset < _bytes; offset += _datagramBytes) Forgery.Make(_slab.AsSpan(offset, _datagramBytes));
        _udp = UdpPort.Open(
            new UdpPortOptions { Local = new IPEndPoint(IPAddress.Loopback, 0).ToNetAddress(), Offload = plan.Offload ? OffloadChoice.Auto : OffloadChoice.Off },
            _pool);
    }

    /// <inheritdoc/>
    /// <remarks>Goes on until it is told to end.</remarks>
    public JsonObject Run(CancellationToken cancellation)
    {
        long sent = 0;
        while (!cancellation.IsCancellationRequested)
        {
            if (!_pace.IsDue)
            {
                _udp.Wait(1);
                continue;
            }

            if (_udp.Send(_slab.AsSpan(0, _bytes), _datagramBytes, _to, out _) == SendStatus.WouldBlock) _udp.Wait(1, untilWritable: true);
            sent += _perSlab;
            _pace.Count();
        }

        return new JsonObject { ["frames"] = sent };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _udp.Dispose();
        _pool.Dispose();
    }
}
