using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Bench.Leaks;

/// <summary>What the subjects of an AEAD engine share: a batch.</summary>
/// <param name="name">What is measured.</param>
/// <param name="shape">How many messages, how long.</param>
internal abstract class AeadSubject<TAead>(string name, AeadShape shape)
    : LeakSubject($"{name}, {shape.Messages} of {shape.MessageBytes} bytes", CryptoSizes.KeyBytes + shape.SlabBytes)
    where TAead : struct, IAeadEngine
{
    private readonly byte[] _nonces = BenchData.Make(BenchData.NonceSeed, shape.Messages * CryptoSizes.ChaChaNonceBytes);
    private readonly byte[] _associated = BenchData.Make(BenchData.AssociatedSeed, shape.Messages * SymbolCipher.AssociatedDataBytes);
    private readonly byte[] _output = new byte[shape.SlabBytes];
    private readonly bool[] _opened = new bool[shape.Messages];
    private readonly AeadItem[] _items = shape.Items();

    /// <summary>Seals the input's messages under the input's key.</summary>
    protected void Seal(ReadOnlySpan<byte> input, Span<byte> output) => default(TAead).Seal(
        input[..CryptoSizes.KeyBytes], new AeadBatch(
            AeadAlgorithm.ChaCha20Poly1305, input[CryptoSizes.KeyBytes..], output, _items, shape.MessageBytes, _nonces, _associated,
            SymbolCipher.AssociatedDataBytes, sealing: true));

    /// <summary>Seals the present input for nobody.</summary>
    protected void Seal() => Seal(Input, _output);

    /// <summary>Opens the present input.</summary>
    protected void Open() => default(TAead).Open(
        Input[..CryptoSizes.KeyBytes], new AeadBatch(
            AeadAlgorithm.ChaCha20Poly1305, Input[CryptoSizes.KeyBytes..], _output, _items, shape.MessageBytes, _nonces, _associated,
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
    protected void SpoilTags(Span<byte> input, int place)
    {
        foreach (AeadItem item in _items) input[CryptoSizes.KeyBytes + item.InputOffset + shape.MessageBytes + place] ^= 0x55;
    }
}
