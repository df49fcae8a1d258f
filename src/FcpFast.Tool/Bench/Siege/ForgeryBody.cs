using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Wire;
using FcpFast.Tool.Bench.Bodies;
using FcpFast.Tool.Bench.Frames;

namespace FcpFast.Tool.Bench.Siege;

/// <summary>A slab of forged frames, as it lies in memory after a receive call: taken by a receiver, or only its MACs computed.</summary>
/// <remarks>Shape: taking a slab overwrites headers, so both kinds of pass begin with writing them anew.</remarks>
internal sealed class ForgeryBody<TAead, TMac> : BenchBody
    where TAead : struct, IAeadEngine
    where TMac : struct, IMacEngine
{
    private readonly FrameReceiver<TAead, TMac, RingSink> _receiver;
    private readonly bool _isMacAlone;
    private readonly MacSuite _suite;
    private readonly byte[] _slab;
    private readonly byte[] _headers;
    private readonly byte[] _prepared;
    private readonly byte[] _macs;
    private readonly MacItem[] _items;
    private readonly int _datagramBytes;

    /// <summary>Forges a slab.</summary>
    /// <param name="suite">The MAC.</param>
    /// <param name="payloadBytes">Data of a symbol; a frame has one.</param>
    /// <param name="isMacAlone">True to compute the MACs and nothing else.</param>
    public ForgeryBody(MacSuite suite, int payloadBytes, bool isMacAlone)
    {
        _isMacAlone = isMacAlone;
        _suite = suite;
        var secrets = new FrameSecrets(suite, default(TMac));
        _receiver = new FrameReceiver<TAead, TMac, RingSink>(secrets, new RingSink());
        int frames = FrameLimits.FramesPerSlab(payloadBytes);
        _datagramBytes = SlabLayout.DatagramBytes(payloadBytes);
        _slab = GC.AllocateArray<byte>(frames * _datagramBytes, pinned: true);
        using (var sender = new FrameSender<TAead, TMac>(secrets, payloadBytes, FrameBodies.Objects)) sender.Seal(_slab, frames);
        _headers = new byte[frames * DatagramLayout.HeaderBytes];
        for (int i = 0; i < frames; i++)
        {
            Span<byte> datagram = _slab.AsSpan(i * _datagramBytes, _datagramBytes);
            Forgery.Make(datagram);
            datagram[..DatagramLayout.HeaderBytes].CopyTo(_headers.AsSpan(i * DatagramLayout.HeaderBytes));
        }

        _macs = new byte[frames * CryptoSizes.MacBytes];
        _items = SlabLayout.MacItems(frames, payloadBytes);
        _prepared = new byte[default(TMac).PreparedKeyBytes(suite)];
        default(TMac).PrepareKey(suite, BenchData.Make(BenchData.MacKeySeed, CryptoSizes.KeyBytes), _prepared);
    }

    public override void Check()
    {
        long before = _receiver.Counters[FcpStatus.InvalidSignature];
        Pass();
        long refused = _receiver.Counters[FcpStatus.InvalidSignature] - before;
        Require(refused == (_isMacAlone ? 0 : _items.Length) && _receiver.Accepted == 0, "forged frames are refused for their MAC, and for nothing before it");
    }

    public override void Pass()
    {
        for (int i = 0; i < _items.Length; i++)
        {
            _headers.AsSpan(i * DatagramLayout.HeaderBytes, DatagramLayout.HeaderBytes).CopyTo(_slab.AsSpan(i * _datagramBytes));
        }

        if (_isMacAlone) default(TMac).Compute(_suite, _prepared, _slab, _items, _macs);
        else _receiver.Verify(_slab, _datagramBytes);
    }

    protected override void Release() => _receiver.Dispose();
}
