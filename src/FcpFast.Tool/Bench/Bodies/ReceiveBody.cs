using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>Frames verified, as a relay does, or verified and opened: fresh ones, copies of accepted ones, or forged ones.</summary>
/// <remarks>
/// Shape: slabs are sealed ahead, outside of the timing; a pass takes the next ones. Verifying overwrites headers, so what is to arrive again
///        gets them back before the next run.
/// </remarks>
internal sealed class ReceiveBody<TAead, TMac> : BenchBody
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly BenchCase _subject;
    private readonly FrameSender<TAead, TMac> _sender;
    private readonly FrameReceiver<TAead, TMac, RingSink> _receiver;
    private readonly bool _opens;
    private readonly int _perSlab;
    private readonly int _datagramBytes;
    private readonly int _passBytes;
    private readonly byte[] _slabs;
    private readonly byte[] _pristine;
    private int _next;

    public ReceiveBody(BenchCase subject)
    {
        _subject = subject;
        _opens = subject.Step == Steps.OpenFrames;
        var secrets = new FrameSecrets(subject.Suite, default(TMac));
        _sender = new FrameSender<TAead, TMac>(secrets, subject.PayloadBytes, FrameBodies.Objects);
        _receiver = new FrameReceiver<TAead, TMac, RingSink>(secrets, new RingSink());
        _perSlab = FrameLimits.FramesPerSlab(subject.PayloadBytes);
        _datagramBytes = SlabLayout.DatagramBytes(subject.PayloadBytes);
        _passBytes = subject.Batch * _datagramBytes;
        PassesMax = Math.Clamp(FrameBodies.ReadyBytes / _passBytes, 1, 1024);
        _slabs = GC.AllocateArray<byte>(PassesMax * _passBytes, pinned: true);
        SealAhead();
        if (subject.Traffic == Traffic.Forged) Spoil();
        _pristine = (byte[])_slabs.Clone();
        if (subject.Traffic != Traffic.Replayed) return;
        for (int i = 0; i < PassesMax; i++) Pass(); // accepted once
    }

    public override int PassesMax { get; }

    public override void Restore()
    {
        if (_subject.Traffic == Traffic.Valid) SealAhead();
        else RestoreHeaders();
        _next = 0;
    }

    public override void Check()
    {
        Restore();
        long accepted = _receiver.Accepted, opened = _receiver.Opened;
        long replayed = _receiver.Counters[FcpStatus.ReplayDuplicate], forged = _receiver.Counters[FcpStatus.InvalidSignature];
        Pass();
        int fresh = _subject.Traffic == Traffic.Valid ? _subject.Batch : 0;
        Require(_receiver.Accepted - accepted == fresh, "fresh frames are accepted, and nothing else");
        Require(_receiver.Opened - opened == (_opens ? fresh : 0), "every accepted frame opens");
        if (_subject.Traffic == Traffic.Replayed)
        {
            Require(_receiver.Counters[FcpStatus.ReplayDuplicate] - replayed == _subject.Batch, "copies are refused as such");
        }

        if (_subject.Traffic == Traffic.Forged)
        {
            Require(_receiver.Counters[FcpStatus.InvalidSignature] - forged == _subject.Batch, "forged frames are refused as such");
        }
    }

    public override void Pass()
    {
        Span<byte> pass = _slabs.AsSpan(_next * _passBytes, _passBytes);
        _next = (_next + 1) % PassesMax;
        while (!pass.IsEmpty)
        {
            Span<byte> slab = pass[..Math.Min(pass.Length, _perSlab * _datagramBytes)];
            if (_opens) _receiver.Open(slab, _datagramBytes);
            else _receiver.Verify(slab, _datagramBytes);
            pass = pass[slab.Length..];
        }
    }

    protected override void Release()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private void SealAhead()
    {
        for (int offset = 0; offset < _slabs.Length;)
        {
            int left = (_passBytes - (offset % _passBytes)) / _datagramBytes;
            offset += _sender.Seal(_slabs.AsSpan(offset), Math.Min(left, _perSlab));
        }
    }

    private void Spoil()
    {
        for (int end = _datagramBytes; end <= _slabs.Length; end += _datagramBytes) _slabs[end - 1] ^= 1;
    }

    private void RestoreHeaders()
    {
        for (int offset = 0; offset < _slabs.Length; offset += _datagramBytes)
        {
            _pristine.AsSpan(offset, DatagramLayout.HeaderBytes).CopyTo(_slabs.AsSpan(offset));
        }
    }
}
