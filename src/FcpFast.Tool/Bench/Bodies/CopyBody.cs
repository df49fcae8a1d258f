using System;
using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>Symbols copied to their places in a slab.</summary>
internal sealed class CopyBody : BenchBody
{
    private readonly int _symbolBytes;
    private readonly byte[] _plaintext;
    private readonly byte[] _slab;
    private readonly AeadItem[] _items;

    public CopyBody(BenchCase subject)
    {
        _symbolBytes = subject.PayloadBytes;
        _plaintext = BenchData.Make(BenchData.PlaintextSeed, subject.Batch * _symbolBytes);
        _slab = new byte[subject.Batch * SlabLayout.DatagramBytes(_symbolBytes)];
        _items = SlabLayout.SealItems(subject.Batch, _symbolBytes);
    }

    public override void Check()
    {
        Pass();
        foreach (AeadItem item in _items)
        {
            Require(
                _slab.AsSpan(item.OutputOffset, _symbolBytes).SequenceEqual(_plaintext.AsSpan(item.InputOffset, _symbolBytes)),
                "every symbol is copied");
        }
    }

    public override void Pass()
    {
        foreach (ref readonly AeadItem item in _items.AsSpan())
        {
            _plaintext.AsSpan(item.InputOffset, _symbolBytes).CopyTo(_slab.AsSpan(item.OutputOffset));
        }
    }
}
