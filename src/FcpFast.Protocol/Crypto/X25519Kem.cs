using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>DHKEM(X25519, HKDF-SHA256), number 0x0020.</summary>
/// <remarks>
/// Shape:   keys, encapsulations and shared secrets are 32 bytes.
/// Errors:  false (and zeroes) where the Diffie-Hellman result is all zero: that key is no key.
/// Threads: stateless.
/// Source:  [RFC 9180 §4.1], [RFC 9180 §7.1].
/// </remarks>
public static class X25519Kem
{
    /// <summary>Bytes of an encapsulation: the ephemeral public key.</summary>
    public const int EncapsulationBytes = CryptoSizes.KeyBytes;

    /// <summary>Bytes of a shared secret.</summary>
    public const int SharedSecretBytes = CryptoSizes.KeyBytes;

    private const int ContextBytes = 2 * CryptoSizes.KeyBytes;

    /// <summary>The number in the registry of KEMs.</summary>
    public const ushort Id = 0x0020;

    private static ReadOnlySpan<byte> SuiteId => [(byte)'K', (byte)'E', (byte)'M', 0x00, 0x20];

    /// <summary>Derives a key pair from at least 32 bytes of key material.</summary>
    /// <remarks>Source: [RFC 9180 §7.1.3].</remarks>
    public static void DeriveKeyPair(IKdf kdf, IKeyExchange exchange, ReadOnlySpan<byte> inputKey, Span<byte> secret, Span<byte> publicKey)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        ArgumentNullException.ThrowIfNull(exchange);
        if (inputKey.Length < CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(inputKey), "at least 32 bytes of key material");
        Span<byte> pseudoRandomKey = stackalloc byte[CryptoSizes.HashBytes];
        HpkeKdf.LabeledExtract(kdf, SuiteId, default, "dkp_prk"u8, inputKey, pseudoRandomKey);
        HpkeKdf.LabeledExpand(kdf, SuiteId, pseudoRandomKey, "sk"u8, default, secret[..CryptoSizes.KeyBytes]);
        exchange.DerivePublicKey(secret[..CryptoSizes.KeyBytes], publicKey);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
    }

    /// <summary>Makes a shared secret for the owner of <paramref name="recipientPublicKey"/>.</summary>
    /// <param name="kdf">HKDF.</param>
    /// <param name="exchange">X25519.</param>
    /// <param name="ephemeralInputKey">32 bytes or more, drawn for this call and never used again.</param>
    /// <param name="recipientPublicKey">32 bytes.</param>
    /// <param name="encapsulation">32 bytes to send along.</param>
    /// <param name="sharedSecret">32 bytes; the caller erases them.</param>
    public static bool TryEncapsulate(
        IKdf kdf, IKeyExchange exchange, ReadOnlySpan<byte> ephemeralInputKey, ReadOnlySpan<byte> recipientPublicKey,
        Span<byte> encapsulation, Span<byte> sharedSecret)
    {
        Span<byte> ephemeral = stackalloc byte[CryptoSizes.KeyBytes];
        DeriveKeyPair(kdf, exchange, ephemeralInputKey, ephemeral, encapsulation);
        bool agreed = TryAgree(kdf, exchange, ephemeral, recipientPublicKey, encapsulation, recipientPublicKey, sharedSecret);
        CryptographicOperations.ZeroMemory(ephemeral);
        return agreed;
    }

    /// <summary>Recovers the shared secret from an encapsulation.</summary>
    /// <param name="kdf">HKDF.</param>
    /// <param name="exchange">X25519.</param>
    /// <param name="recipientSecret">32 bytes.</param>
    /// <param name="encapsulation">32 bytes, as they came.</param>
    /// <param name="sharedSecret">32 bytes; the caller erases them.</param>
    public static bool TryDecapsulate(
        IKdf kdf, IKeyExchange exchange, ReadOnlySpan<byte> recipientSecret, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        Span<byte> recipientPublicKey = stackalloc byte[CryptoSizes.KeyBytes];
        exchange.DerivePublicKey(recipientSecret, recipientPublicKey);
        return TryAgree(kdf, exchange, recipientSecret, encapsulation, encapsulation, recipientPublicKey, sharedSecret);
    }

    private static bool TryAgree(
        IKdf kdf, IKeyExchange exchange, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> peerPublicKey, ReadOnlySpan<byte> encapsulation,
        ReadOnlySpan<byte> recipientPublicKey, Span<byte> sharedSecret)
    {
        ArgumentNullException.ThrowIfNull(kdf);
        sharedSecret = sharedSecret[..SharedSecretBytes];
        sharedSecret.Clear();
        Span<byte> agreed = stackalloc byte[CryptoSizes.KeyBytes];
        if (!exchange.TryAgree(secret, peerPublicKey, agreed)) return false;
        Span<byte> context = stackalloc byte[ContextBytes];
        encapsulation.CopyTo(context);
        recipientPublicKey.CopyTo(context[EncapsulationBytes..]);
        Span<byte> pseudoRandomKey = stackalloc byte[CryptoSizes.HashBytes];
        HpkeKdf.LabeledExtract(kdf, SuiteId, default, "eae_prk"u8, agreed, pseudoRandomKey);
        HpkeKdf.LabeledExpand(kdf, SuiteId, pseudoRandomKey, "shared_secret"u8, context, sharedSecret);
        CryptographicOperations.ZeroMemory(agreed);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
        return true;
    }
}
