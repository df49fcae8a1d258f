using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Tool.Bench.Bodies;

namespace FcpFast.Tool.Bench.Peers;

/// <summary>A peer's sealing or opening of the same messages that the engines get.</summary>
internal sealed class PeerAeadBody : BenchBody
{
    private readonly BenchCase _subject;
    private readonly AeadMemory _memory;
    private readonly IAeadPeer _peer;
    private int _opened;

    /// <summary>Makes a body.</summary>
    /// <param name="subject">A case of <see cref="Steps.Seal"/> or <see cref="Steps.Open"/>.</param>
    /// <param name="create">Makes the peer from its key.</param>
    public PeerAeadBody(BenchCase subject, Func<byte[], IAeadPeer> create)
    {
        _subject = subject;
        _memory = new AeadMemory(subject);
        _peer = create(_memory.Key);
    }

    public override string Digest => _subject.Step == Steps.Seal ? _memory.FoldTags() : _memory.FoldPlaintexts();

    public override void Check()
    {
        Pass();
        if (_subject.Step == Steps.Seal) return; // the digest is compared with the engines'
        bool isForged = _subject.Traffic == Traffic.Forged;
        Require(_opened == (isForged ? 0 : _memory.Batch), "what is valid opens, and nothing else");
        Require(isForged ? _memory.IsZeroed : _memory.IsOpened, "the plaintext is right, or none");
    }

    public override void Pass()
    {
        if (_subject.Step == Steps.Seal) Seal();
        else Open();
    }

    protected override void Release() => _peer.Dispose();

    private void Seal()
    {
        for (int i = 0; i < _memory.Batch; i++)
        {
            AeadItem item = _memory.Items[i];
            _peer.Seal(
                _memory.Nonce(i), _memory.AssociatedData(i), _memory.Plaintext.AsSpan(item.InputOffset, _memory.SymbolBytes),
                _memory.Slab.AsSpan(item.OutputOffset, _memory.SymbolBytes + CryptoSizes.TagBytes));
        }
    }

    private void Open()
    {
        _opened = 0;
        for (int i = 0; i < _memory.Batch; i++)
        {
            AeadItem item = _memory.Items[i];
            bool isOpened = _peer.Open(
                _memory.Nonce(i), _memory.AssociatedData(i), _memory.Slab.AsSpan(item.InputOffset, _memory.SymbolBytes + CryptoSizes.TagBytes),
                _memory.Plaintext.AsSpan(item.OutputOffset, _memory.SymbolBytes));
            if (isOpened) _opened++;
        }
    }
}
