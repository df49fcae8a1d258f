using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Load;

/// <summary>Opens frames and counts them.</summary>
internal sealed class FrameTarget<TAead, TMac> : LoadTarget
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly RingSink _sink = new();
    private readonly FrameReceiver<TAead, TMac, RingSink> _receiver;
    private readonly int _symbolBytes;

    public FrameTarget(LoadPlan plan)
    {
        _symbolBytes = plan.PayloadBytes;
        _receiver = new FrameReceiver<TAead, TMac, RingSink>(new FrameSecrets(plan.Suite, default(TMac)), _sink);
    }

    public override long Frames => _receiver.Opened;

    public override long PayloadBytes => _receiver.Opened * _symbolBytes;

    public override long Forged => _receiver.Counters[FcpStatus.InvalidSignature];

    public override long SealedTimestamp =>
        _sink.FirstOffset < 0 ? 0 : BinaryPrimitives.ReadInt64LittleEndian(_sink.Memory[_sink.FirstOffset..]);

    public override void Take(Span<byte> slab, int datagramBytes)
    {
        _sink.FirstOffset = -1;
        _receiver.Open(slab, datagramBytes);
    }

    protected override void Release() => _receiver.Dispose();
}
