using System;

namespace FcpFast.Tool.Bench.Peers;

/// <summary>Another implementation of ChaCha20-Poly1305, with its key set: one message a call.</summary>
internal interface IAeadPeer : IDisposable
{
    /// <summary>Seals one message; the tag goes behind the ciphertext.</summary>
    void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes);

    /// <summary>Opens one message; if its tag does not verify, the plaintext is zeroed.</summary>
    bool Open(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext);
}
