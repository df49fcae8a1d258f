using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>The AEAD of an HPKE suite, one message at a time.</summary>
/// <remarks>
/// Errors:  throws where the suite has no AEAD, or the provider has no AES-128-GCM: the choice of a suite is the caller's.
/// Threads: stateless.
/// Source:  [RFC 9180 §7.3].
/// </remarks>
public static class HpkeCipher
{
    /// <summary>Seals one message.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="aead">The AEAD.</param>
    /// <param name="key"><see cref="HpkeKeySchedule.KeyBytes"/> bytes.</param>
    /// <param name="nonce">12 bytes; never used before with this key.</param>
    /// <param name="associatedData">Authenticated, not carried.</param>
    /// <param name="plaintext">The message.</param>
    /// <param name="ciphertext">16 bytes longer than the message.</param>
    public static void Seal(
        CryptoProvider crypto, HpkeAead aead, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        if (aead == HpkeAead.Aes128Gcm) Aes(crypto).Seal(key, nonce, associatedData, plaintext, ciphertext);
        else crypto.Aead.SealOne(Engine(aead), key, nonce, associatedData, plaintext, ciphertext);
    }

    /// <summary>Opens one message; false (and zeroes) if its tag does not verify.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="aead">The AEAD.</param>
    /// <param name="key">As for sealing.</param>
    /// <param name="nonce">As for sealing.</param>
    /// <param name="associatedData">As it was when sealed.</param>
    /// <param name="ciphertext">At least the 16 bytes of the tag.</param>
    /// <param name="plaintext">16 bytes shorter than the ciphertext.</param>
    public static bool TryOpen(
        CryptoProvider crypto, HpkeAead aead, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        return aead == HpkeAead.Aes128Gcm
            ? Aes(crypto).TryOpen(key, nonce, associatedData, ciphertext, plaintext)
            : crypto.Aead.OpenOne(Engine(aead), key, nonce, associatedData, ciphertext, plaintext);
    }

    private static AeadAlgorithm Engine(HpkeAead aead)
    {
        if (aead != HpkeAead.ChaCha20Poly1305) ThrowHelper.BadArgument(nameof(aead), "the suite has an AEAD");
        return AeadAlgorithm.ChaCha20Poly1305;
    }

    private static IAes128Gcm Aes(CryptoProvider crypto)
    {
        if (crypto.Aes128Gcm is null) ThrowHelper.BadState("the provider has no AES-128-GCM");
        return crypto.Aes128Gcm;
    }
}
