using System;
using FcpFast.Tool.Bench.Peers;
using NSec.Cryptography;

namespace FcpFast.Bench.Micro.Peers;

/// <summary>NSec: libsodium behind a modern .NET interface.</summary>
internal sealed class NSecPeer(byte[] key) : IAeadPeer
{
    private readonly Key _key = Key.Import(AeadAlgorithm.ChaCha20Poly1305, key, KeyBlobFormat.RawSymmetricKey);

    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes) =>
        AeadAlgorithm.ChaCha20Poly1305.Encrypt(_key, nonce, associated, plaintext, sealedBytes);

    public bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        if (AeadAlgorithm.ChaCha20Poly1305.Decrypt(_key, nonce, associated, sealedBytes, plaintext)) return true;
        plaintext.Clear();
        return false;
    }

    public void Dispose() => _key.Dispose();
}
