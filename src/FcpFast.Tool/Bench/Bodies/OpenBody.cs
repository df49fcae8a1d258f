using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>An engine's opening, through the seam.</summary>
internal sealed class OpenBody<TAead>(BenchCase subject) : BenchBody
    where TAead : struct, IAeadEngine
{
    private readonly AeadMemory _memory = new(subject);
    private readonly bool[] _opened = new bool[subject.Batch];
    private int _count;

    public override string Digest => _memory.FoldPlaintexts();

    public override void Check()
    {
        Pass();
        if (subject.Traffic == Traffic.Forged) Require(_count == 0 && _memory.IsZeroed, "no forged message opens, and no plaintext is left");
        else Require(_count == _memory.Batch && _memory.IsOpened, "every message opens");
    }

    public override void Pass() => _count = default(TAead).Open(
        _memory.Key, new AeadBatch(
            AeadAlgorithm.ChaCha20Poly1305, _memory.Slab, _memory.Plaintext, _memory.Items, _memory.SymbolBytes, _memory.Nonces,
            _memory.Associated, SymbolCipher.AssociatedDataBytes, sealing: false),
        _opened);
}
