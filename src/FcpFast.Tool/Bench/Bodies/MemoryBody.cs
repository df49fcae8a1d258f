using System;
using FcpFast.Protocol.Batch;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>Frames sealed, then verified and opened, by one core in memory.</summary>
internal sealed class MemoryBody<TAead, TMac> : BenchBody
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly FrameSender<TAead, TMac> _sender;
    private readonly FrameReceiver<TAead, TMac, RingSink> _receiver;
    private readonly byte[] _slab = GC.AllocateArray<byte>(BatchLimits.SlabBytes, pinned: true);
    private readonly RingSink _sink = new();
    private readonly int _symbolBytes;
    private readonly int _batch;
    private readonly int _perSlab;

    public MemoryBody(BenchCase subject)
    {
        var secrets = new FrameSecrets(subject.Suite, default(TMac));
        _symbolBytes = subject.PayloadBytes;
        _sender = new FrameSender<TAead, TMac>(secrets, _symbolBytes, FrameBodies.Objects);
        _receiver = new FrameReceiver<TAead, TMac, RingSink>(secrets, _sink);
        _batch = subject.Batch;
        _perSlab = FrameLimits.FramesPerSlab(_symbolBytes);
    }

    public override void Check()
    {
        long before = _receiver.Opened;
        byte[] first = _sender.Next.ToArray();
        int frames = Math.Min(_batch, _perSlab);
        _sink.FirstOffset = -1;
        Move(1);
        Require(_sink.Memory.Slice(_sink.FirstOffset, _symbolBytes).SequenceEqual(first), "what is opened is what was sealed");
        for (int i = 1; i < frames; i++) Move(1);
        Pass();
        Require(_receiver.Opened - before == frames + _batch, "every frame opens");
    }

    public override void Pass()
    {
        for (int left = _batch; left > 0; left -= _perSlab) Move(Math.Min(left, _perSlab));
    }

    protected override void Release()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private void Move(int frames)
    {
        int bytes = _sender.Seal(_slab, frames);
        _receiver.Open(_slab.AsSpan(0, bytes), _sender.DatagramBytes);
    }
}
