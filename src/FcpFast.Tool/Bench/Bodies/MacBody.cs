using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>An engine's session MACs of the datagrams of a slab, through the seam.</summary>
internal sealed class MacBody<TMac> : BenchBody
    where TMac : struct, IMacEngine
{
    private readonly MacSuite _suite;
    private readonly byte[] _prepared;
    private readonly byte[] _data;
    private readonly byte[] _macs;
    private readonly MacItem[] _items;

    public MacBody(BenchCase subject)
    {
        _suite = subject.Suite;
        _data = BenchData.Make(BenchData.MacDataSeed, subject.Batch * SlabLayout.DatagramBytes(subject.PayloadBytes));
        _macs = new byte[subject.Batch * CryptoSizes.MacBytes];
        _items = SlabLayout.MacItems(subject.Batch, subject.PayloadBytes);
        _prepared = new byte[default(TMac).PreparedKeyBytes(_suite)];
        default(TMac).PrepareKey(_suite, BenchData.Make(BenchData.MacKeySeed, CryptoSizes.KeyBytes), _prepared);
    }

    public override string Digest => BenchData.Fold(_macs);

    public override void Check()
    {
        Pass();
        var portable = default(PortableMac);
        byte[] key = new byte[portable.PreparedKeyBytes(_suite)], expected = new byte[_macs.Length];
        portable.PrepareKey(_suite, BenchData.Make(BenchData.MacKeySeed, CryptoSizes.KeyBytes), key);
        portable.Compute(_suite, key, _data, _items, expected);
        Require(expected.AsSpan().SequenceEqual(_macs), "the MACs are those of the portable engine");
    }

    public override void Pass() => default(TMac).Compute(_suite, _prepared, _data, _items, _macs);
}
