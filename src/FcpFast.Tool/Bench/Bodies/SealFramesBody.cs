using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>Frames sealed into slabs: numbers, headers, AEAD, envelopes and MACs.</summary>
internal sealed class SealFramesBody<TAead, TMac> : BenchBody
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly FrameSecrets _secrets;
    private readonly FrameSender<TAead, TMac> _sender;
    private readonly byte[] _slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true);
    private readonly int _batch;
    private readonly int _perSlab;

    public SealFramesBody(BenchCase subject)
    {
        _secrets = new FrameSecrets(subject.Suite, default(TMac));
        _sender = new FrameSender<TAead, TMac>(_secrets, subject.PayloadBytes, FrameBodies.Objects);
        _batch = subject.Batch;
        _perSlab = FrameLimits.FramesPerSlab(subject.PayloadBytes);
    }

    public override void Check()
    {
        using var receiver = new FrameReceiver<TAead, TMac, RingSink>(_secrets, new RingSink());
        int frames = Math.Min(_batch, _perSlab), bytes = _sender.Seal(_slab, frames);
        receiver.Open(_slab.AsSpan(0, bytes), _sender.DatagramBytes);
        Require(receiver.Opened == frames, "every sealed frame opens");
    }

    public override void Pass()
    {
        for (int left = _batch; left > 0; left -= _perSlab) _sender.Seal(_slab, Math.Min(left, _perSlab));
    }

    protected override void Release() => _sender.Dispose();
}
