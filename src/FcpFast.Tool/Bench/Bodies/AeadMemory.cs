using System;
using FcpFast.Interop.Libsodium;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Keys;

namespace FcpFast.Tool.Bench.Bodies;

/// <summary>The memory of one AEAD case: plaintexts side by side, and a slab of datagrams.</summary>
internal sealed class AeadMemory
{
    private const int TagBytes = CryptoSizes.TagBytes;

    /// <summary>Makes it; for opening, the slab holds what libsodium sealed, spoilt if the traffic is forged.</summary>
    public AeadMemory(BenchCase subject)
    {
        SymbolBytes = subject.PayloadBytes;
        Batch = subject.Batch;
        bool isOpening = subject.Step == Steps.Open;
        Key = BenchData.Make(BenchData.KeySeed, CryptoSizes.KeyBytes);
        Nonces = BenchData.Make(BenchData.NonceSeed, Batch * CryptoSizes.ChaChaNonceBytes);
        Associated = BenchData.Make(BenchData.AssociatedSeed, Batch * SymbolCipher.AssociatedDataBytes);
        Plaintext = BenchData.Make(BenchData.PlaintextSeed, Batch * SymbolBytes);
        Slab = new byte[Batch * SlabLayout.DatagramBytes(SymbolBytes)];
        Items = isOpening ? SlabLayout.OpenItems(Batch, SymbolBytes) : SlabLayout.SealItems(Batch, SymbolBytes);
        if (!isOpening) return;
        _ = LibsodiumGate.Open(); // proves the library before it is believed
        AeadItem[] sealing = SlabLayout.SealItems(Batch, SymbolBytes);
        default(LibsodiumAead).Seal(
            Key, new AeadBatch(
                AeadAlgorithm.ChaCha20Poly1305, Plaintext, Slab, sealing, SymbolBytes, Nonces, Associated, SymbolCipher.AssociatedDataBytes, sealing: true));
        Plaintext.AsSpan().Clear();
        if (subject.Traffic != Traffic.Forged) return;
        foreach (AeadItem item in Items) Slab[item.InputOffset + SymbolBytes] ^= 1; // the tag's first byte
    }

    public int SymbolBytes { get; }

    public int Batch { get; }

    public byte[] Key { get; }

    public byte[] Nonces { get; }

    public byte[] Associated { get; }

    public byte[] Plaintext { get; }

    public byte[] Slab { get; }

    public AeadItem[] Items { get; }

    /// <summary>The nonce of a message.</summary>
    public ReadOnlySpan<byte> Nonce(int index) => Nonces.AsSpan(index * CryptoSizes.ChaChaNonceBytes, CryptoSizes.ChaChaNonceBytes);

    /// <summary>The associated data of a message.</summary>
    public ReadOnlySpan<byte> AssociatedData(int index) =>
        Associated.AsSpan(index * SymbolCipher.AssociatedDataBytes, SymbolCipher.AssociatedDataBytes);

    /// <summary>Every message as it must be opened.</summary>
    public bool IsOpened => Plaintext.AsSpan().SequenceEqual(BenchData.Make(BenchData.PlaintextSeed, Plaintext.Length));

    /// <summary>No plaintext is there.</summary>
    public bool IsZeroed => !Plaintext.AsSpan().ContainsAnyExcept((byte)0);

    /// <summary>The tags, folded.</summary>
    public string FoldTags() => Fold(Slab, static item => item.OutputOffset, SymbolBytes);

    /// <summary>The first 16 bytes of each plaintext, folded.</summary>
    public string FoldPlaintexts() => Fold(Plaintext, static item => item.OutputOffset, 0);

    private string Fold(byte[] memory, Func<AeadItem, int> offsetOf, int shift)
    {
        byte[] pieces = new byte[Batch * TagBytes];
        for (int i = 0; i < Batch; i++) memory.AsSpan(offsetOf(Items[i]) + shift, TagBytes).CopyTo(pieces.AsSpan(i * TagBytes));
        return BenchData.Fold(pieces);
    }
}
