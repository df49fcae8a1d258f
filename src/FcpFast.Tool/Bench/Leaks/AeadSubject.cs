using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>What the subjects of an AEAD engine share: a batch that no width divides, so that whole passes and remainders are both in it.</summary>
internal abstract class AeadSubject<TAead>(string name) : LeakSubject(name, CryptoSizes.KeyBytes + SlabBytes)
    where TAead : struct, IAeadEngine
{
    protected const int Batch = 19;
    protected const int SymbolBytes = 256;
    protected const int SlabBytes = Batch * (SymbolBytes + CryptoSizes.TagBytes);

    private readonly byte[] _nonces = BenchData.Make(BenchData.NonceSeed, Batch * CryptoSizes.ChaChaNonceBytes);
    private readonly byte[] _associated = BenchData.Make(BenchData.AssociatedSeed, Batch * SymbolCipher.AssociatedDataBytes);
    private readonly byte[] _output = new byte[SlabBytes];
    private readonly bool[] _opened = new bool[Batch];
    private readonly AeadItem[] _items = MakeItems();

    /// <summary>Seals the input's messages under the input's key.</summary>
    protected void Seal(ReadOnlySpan<byte> input, Span<byte> output) => default(TAead).Seal(
        input[..CryptoSizes.KeyBytes], new AeadBatch(
            AeadAlgorithm.ChaCha20Poly1305, input[CryptoSizes.KeyBytes..], output, _items, SymbolBytes, _nonces, _associated,
            SymbolCipher.AssociatedDataBytes, sealing: true));

    /// <summary>Seals the present input for nobody.</summary>
    protected void Seal() => Seal(Input, _output);

    /// <summary>Opens the present input.</summary>
    protected void Open() => default(TAead).Open(
        Input[..CryptoSizes.KeyBytes], new AeadBatch(
            AeadAlgorithm.ChaCha20Poly1305, Input[CryptoSizes.KeyBytes..], _output, _items, SymbolBytes, _nonces, _associated,
            SymbolCipher.AssociatedDataBytes, sealing: false),
        _opened);

    /// <summary>A key and plaintexts: always the same ones for class 0, others each time for class 1.</summary>
    protected static void FillSecrets(int inputClass, Span<byte> input, Random random)
    {
        if (inputClass == 0) BenchData.Make(BenchData.PlaintextSeed, input.Length).CopyTo(input);
        else random.NextBytes(input);
    }

    /// <summary>Seals what the input holds, in place.</summary>
    protected void SealInPlace(Span<byte> input)
    {
        Seal(input, _output);
        _output.CopyTo(input[CryptoSizes.KeyBytes..]);
    }

    /// <summary>Changes a byte of every tag.</summary>
    protected static void SpoilTags(Span<byte> input, int place)
    {
        for (int i = 0; i < Batch; i++) input[CryptoSizes.KeyBytes + (i * (SymbolBytes + CryptoSizes.TagBytes)) + SymbolBytes + place] ^= 0x55;
    }

    private static AeadItem[] MakeItems()
    {
        var items = new AeadItem[Batch];
        for (int i = 0; i < Batch; i++) items[i] = new AeadItem(i * (SymbolBytes + CryptoSizes.TagBytes), i * (SymbolBytes + CryptoSizes.TagBytes));
        return items;
    }
}
