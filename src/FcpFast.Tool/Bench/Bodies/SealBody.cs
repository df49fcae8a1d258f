using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>An engine's sealing, through the seam.</summary>
internal sealed class SealBody<TAead>(BenchCase subject) : BenchBody
    where TAead : struct, IAeadEngine
{
    private readonly AeadMemory _memory = new(subject);

    public override string Digest => _memory.FoldTags();

    public override void Check()
    {
        Pass();
        bool[] opened = new bool[_memory.Batch];
        var reversed = new AeadMemory(subject with { Step = Steps.Open });
        int count = default(TAead).Open(
            _memory.Key, new AeadBatch(
                AeadAlgorithm.ChaCha20Poly1305, _memory.Slab, reversed.Plaintext, reversed.Items, _memory.SymbolBytes, _memory.Nonces,
                _memory.Associated, SymbolCipher.AssociatedDataBytes, sealing: false),
            opened);
        Require(count == _memory.Batch && reversed.IsOpened, "what was sealed opens again");
    }

    public override void Pass() => default(TAead).Seal(
        _memory.Key, new AeadBatch(
            AeadAlgorithm.ChaCha20Poly1305, _memory.Plaintext, _memory.Slab, _memory.Items, _memory.SymbolBytes, _memory.Nonces,
            _memory.Associated, SymbolCipher.AssociatedDataBytes, sealing: true));
}
