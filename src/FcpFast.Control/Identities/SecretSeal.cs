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
        byte[] sealedBytes = new byte[OverheadBytes + secret.LengthBytes];
        Span<byte> nonce = sealedBytes.AsSpan(0, CryptoSizes.XChaChaNonceBytes);
        crypto.Random.Fill(nonce);
        using KeyLease keyLease = key.Lease(), secretLease = secret.Lease();
        if (!keyLease.IsLive || !secretLease.IsLive) ThrowHelper.BadState("the keys were disposed");
        crypto.Aead.SealOne(
            AeadAlgorithm.XChaCha20Poly1305, keyLease.Bytes, nonce, context, secretLease.Bytes, sealedBytes.AsSpan(CryptoSizes.XChaChaNonceBytes));
        return sealedBytes;
    }

    /// <summary>Opens a secret of 32 bytes; null if key, context or bytes are not the right ones.</summary>
    public static SecretKey? Open(SecretKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> sealedBytes, CryptoProvider crypto)
    {
        if (sealedBytes.Length != OverheadBytes + CryptoSizes.KeyBytes) return null;
        Span<byte> secret = stackalloc byte[CryptoSizes.KeyBytes];
        using KeyLease lease = key.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the key was disposed");
        bool opened = crypto.Aead.OpenOne(
            AeadAlgorithm.XChaCha20Poly1305, lease.Bytes, sealedBytes[..CryptoSizes.XChaChaNonceBytes], context,
            sealedBytes[CryptoSizes.XChaChaNonceBytes..], secret);
        SecretKey? result = opened ? crypto.Vault.Import(secret) : null;
        CryptographicOperations.ZeroMemory(secret);
        return result;
    }
}
