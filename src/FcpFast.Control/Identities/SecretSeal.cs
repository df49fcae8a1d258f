using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Control.Identities;

/// <summary>Secrets at rest: XChaCha20-Poly1305 under a random nonce, bound to where they stand.</summary>
/// <remarks>
/// <code>nonce (24) || ciphertext || tag (16)</code>
/// Source: [REPLAY §5.1] for what is stored at all; README.md of this project.
/// </remarks>
internal static class SecretSeal
{
    /// <summary>Bytes beside the secret itself.</summary>
    public const int OverheadBytes = CryptoSizes.XChaChaNonceBytes + CryptoSizes.TagBytes;

    /// <summary>Seals a secret.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="context">Where it stands; needed again to open it.</param>
    /// <param name="secret">The secret.</param>
    /// <param name="crypto">The seams.</param>
    public static byte[] Seal(SecretKey key, ReadOnlySpan<byte> context, SecretKey secret, CryptoProvider crypto)
    {
        using KeyLease secretLease = secret.Lease();
        if (!secretLease.IsLive) ThrowHelper.BadState("the key was disposed");
        return Seal(key, context, secretLease.Bytes, crypto);
    }

    /// <summary>Seals secret bytes of any length; the caller erases them.</summary>
    public static byte[] Seal(SecretKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> secret, CryptoProvider crypto)
    {
        byte[] sealedBytes = new byte[OverheadBytes + secret.Length];
        Span<byte> nonce = sealedBytes.AsSpan(0, CryptoSizes.XChaChaNonceBytes);
        crypto.Random.Fill(nonce);
        using KeyLease lease = key.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the key was disposed");
        crypto.Aead.SealOne(AeadAlgorithm.XChaCha20Poly1305, lease.Bytes, nonce, context, secret, sealedBytes.AsSpan(CryptoSizes.XChaChaNonceBytes));
        return sealedBytes;
    }

    /// <summary>Opens a secret of so many bytes; null if key, context or bytes are not the right ones.</summary>
    public static SecretKey? Open(SecretKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> sealedBytes, CryptoProvider crypto, int secretBytes = CryptoSizes.KeyBytes)
    {
        if (sealedBytes.Length != OverheadBytes + secretBytes) return null;
        Span<byte> secret = stackalloc byte[secretBytes];
        SecretKey? result = Open(key, context, sealedBytes, secret, crypto) ? crypto.Vault.Import(secret) : null;
        CryptographicOperations.ZeroMemory(secret);
        return result;
    }

    /// <summary>Opens secret bytes of any length; false if key, context or bytes are not the right ones.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="context">Where they stand.</param>
    /// <param name="sealedBytes">At least <see cref="OverheadBytes"/>.</param>
    /// <param name="secret">As long as the sealed bytes less the overhead; the caller erases it.</param>
    /// <param name="crypto">The seams.</param>
    public static bool Open(SecretKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> sealedBytes, Span<byte> secret, CryptoProvider crypto)
    {
        using KeyLease lease = key.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the key was disposed");
        return crypto.Aead.OpenOne(
            AeadAlgorithm.XChaCha20Poly1305, lease.Bytes, sealedBytes[..CryptoSizes.XChaChaNonceBytes], context,
            sealedBytes[CryptoSizes.XChaChaNonceBytes..], secret);
    }
}
