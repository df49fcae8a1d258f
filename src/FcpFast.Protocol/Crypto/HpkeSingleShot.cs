using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>HPKE for one message: base mode, DHKEM(X25519), HKDF-SHA256; info, associated data and the AEAD are the caller's.</summary>
/// <remarks>
/// Threads: stateless.
/// Cost:    two scalar multiplications to seal, two to open.
/// Source:  [RFC 9180 §6.1].
/// </remarks>
public static class HpkeSingleShot
{
    /// <summary>Seals one message; false (and zeroes) if the recipient's key is none.</summary>
    /// <param name="crypto">The seams; the ephemeral key is drawn from its generator.</param>
    /// <param name="recipientPublicKey">32 bytes.</param>
    /// <param name="info">The application's.</param>
    /// <param name="associatedData">Authenticated, not carried.</param>
    /// <param name="plaintext">The message.</param>
    /// <param name="encapsulation">32 bytes to send along.</param>
    /// <param name="ciphertext">16 bytes longer than the message.</param>
    /// <param name="aead">The suite's AEAD.</param>
    public static bool TrySeal(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientPublicKey, ReadOnlySpan<byte> info, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> plaintext, Span<byte> encapsulation, Span<byte> ciphertext, HpkeAead aead = HpkeAead.ChaCha20Poly1305)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        if (ciphertext.Length != plaintext.Length + CryptoSizes.TagBytes)
        {
            ThrowHelper.BadArgument(nameof(ciphertext), "16 bytes longer than the message");
        }

        Span<byte> sharedSecret = stackalloc byte[X25519Kem.SharedSecretBytes];
        bool agreed = TryEncapsulate(crypto, recipientPublicKey, encapsulation, sharedSecret);
        if (agreed)
        {
            Span<byte> key = stackalloc byte[HpkeKeySchedule.KeyBytes(aead)];
            Span<byte> nonce = stackalloc byte[HpkeKeySchedule.NonceBytes(aead)];
            DeriveFirst(crypto.Kdf, aead, sharedSecret, info, key, nonce);
            HpkeCipher.Seal(crypto, aead, key, nonce, associatedData, plaintext, ciphertext);
            CryptographicOperations.ZeroMemory(key);
        }
        else
        {
            ciphertext.Clear();
        }

        CryptographicOperations.ZeroMemory(sharedSecret);
        return agreed;
    }

    /// <summary>Opens one message; false (and zeroes) if anything about it is wrong.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="recipientSecret">32 bytes.</param>
    /// <param name="info">As it was when sealed.</param>
    /// <param name="associatedData">As it was when sealed.</param>
    /// <param name="encapsulation">As it came.</param>
    /// <param name="ciphertext">As it came.</param>
    /// <param name="plaintext">16 bytes shorter than the ciphertext, if that has as many; else empty.</param>
    /// <param name="aead">The suite's AEAD.</param>
    public static bool TryOpen(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientSecret, ReadOnlySpan<byte> info, ReadOnlySpan<byte> associatedData,
        ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext, HpkeAead aead = HpkeAead.ChaCha20Poly1305)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        plaintext.Clear();
        if (encapsulation.Length != X25519Kem.EncapsulationBytes || ciphertext.Length < CryptoSizes.TagBytes) return false;
        if (plaintext.Length != ciphertext.Length - CryptoSizes.TagBytes)
        {
            ThrowHelper.BadArgument(nameof(plaintext), "16 bytes shorter than the ciphertext");
        }

        Span<byte> sharedSecret = stackalloc byte[X25519Kem.SharedSecretBytes];
        if (!X25519Kem.TryDecapsulate(crypto.Kdf, crypto.KeyExchange, recipientSecret, encapsulation, sharedSecret)) return false;
        Span<byte> key = stackalloc byte[HpkeKeySchedule.KeyBytes(aead)];
        Span<byte> nonce = stackalloc byte[HpkeKeySchedule.NonceBytes(aead)];
        DeriveFirst(crypto.Kdf, aead, sharedSecret, info, key, nonce);
        bool opened = HpkeCipher.TryOpen(crypto, aead, key, nonce, associatedData, ciphertext, plaintext);
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(sharedSecret);
        return opened;
    }

    /// <summary>Encapsulates under an ephemeral key that is drawn here and erased.</summary>
    internal static bool TryEncapsulate(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientPublicKey, Span<byte> encapsulation, Span<byte> sharedSecret)
    {
        Span<byte> inputKey = stackalloc byte[CryptoSizes.KeyBytes];
        crypto.Random.Fill(inputKey);
        bool agreed = X25519Kem.TryEncapsulate(crypto.Kdf, crypto.KeyExchange, inputKey, recipientPublicKey, encapsulation, sharedSecret);
        CryptographicOperations.ZeroMemory(inputKey);
        return agreed;
    }

    private static void DeriveFirst(
        IKdf kdf, HpkeAead aead, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info, Span<byte> key, Span<byte> nonce)
    {
        Span<byte> exporterSecret = stackalloc byte[HpkeKeySchedule.ExporterSecretBytes];
        HpkeKeySchedule.Derive(kdf, aead, sharedSecret, info, key, nonce, exporterSecret);
        CryptographicOperations.ZeroMemory(exporterSecret);
    }
}
