using System;

namespace FcpFast.Protocol.Crypto;

/// <summary>AES-128-GCM, one message at a time: the AEAD of HPKE and MLS suites that other implementations must have. No zone key is of it.</summary>
/// <remarks>
/// Shape:   keys of 16 bytes, nonces of 12; ciphertext and tag lie together, the tag of 16 bytes behind.
/// Threads: stateless.
/// Source:  [RFC 5116 §5.1].
/// </remarks>
public interface IAes128Gcm
{
    /// <summary>Seals <paramref name="plaintext"/>; <paramref name="sealedBytes"/> is 16 bytes longer and does not overlap it.</summary>
    void Seal(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes);

    /// <summary>Opens ciphertext and tag, at least 16 bytes, into 16 bytes less; false (and zeroes) if the tag does not verify.</summary>
    bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext);
}
