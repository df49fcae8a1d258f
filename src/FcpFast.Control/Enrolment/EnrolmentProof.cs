using System;
using System.Security.Cryptography;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Enrolment;

/// <summary>The proof that a node holds its encryption key, which cannot sign: a MAC under the secret that the key shares with the owner's.</summary>
/// <remarks>
/// <code>
/// ss    = X25519(encryption secret, owner's agreement key), or of the other halves
/// key   = HKDF(salt = nonce, ikm = ss, info = "FCPFAST-ENROLMENT-PROOF-V1" || encryption key || owner's agreement key, L = 32)
/// proof = HMAC-SHA-256(key, request without its three proofs)
/// </code>
/// Source: [RFC 6955 §4] (static Diffie-Hellman proof of possession).
/// </remarks>
internal static class EnrolmentProof
{
    private static ReadOnlySpan<byte> Label => "FCPFAST-ENROLMENT-PROOF-V1"u8;

    /// <summary>The node's side.</summary>
    public static FcpStatus Make(
        SecretKey encryption, PublicKey encryptionKey, PublicKey agreementKey, Bytes32 nonce, ReadOnlySpan<byte> request, CryptoProvider crypto,
        Span<byte> proof)
    {
        Span<byte> shared = stackalloc byte[CryptoSizes.KeyBytes], agreementBytes = stackalloc byte[PublicKey.Length];
        agreementKey.Value.Write(agreementBytes);
        using KeyLease lease = encryption.Lease();
        if (!lease.IsLive || !crypto.KeyExchange.TryAgree(lease.Bytes, agreementBytes, shared)) return FcpStatus.ProofOfPossessionFailed;
        Compute(shared, encryptionKey, agreementKey, nonce, request, crypto.Kdf, proof);
        return FcpStatus.Accepted;
    }

    /// <summary>The owner's side.</summary>
    public static bool Verifies(
        OwnerKey owner, PublicKey encryptionKey, Bytes32 nonce, ReadOnlySpan<byte> request, ReadOnlySpan<byte> proof, CryptoProvider crypto)
    {
        Span<byte> shared = stackalloc byte[CryptoSizes.KeyBytes], expected = stackalloc byte[CryptoSizes.HashBytes];
        if (!owner.TryAgree(encryptionKey, shared)) return false;
        Compute(shared, encryptionKey, owner.AgreementKey, nonce, request, crypto.Kdf, expected);
        return CryptographicOperations.FixedTimeEquals(expected, proof);
    }

    private static void Compute(
        Span<byte> shared, PublicKey encryptionKey, PublicKey agreementKey, Bytes32 nonce, ReadOnlySpan<byte> request, IKdf kdf, Span<byte> proof)
    {
        Span<byte> info = stackalloc byte[Label.Length + (2 * PublicKey.Length)], salt = stackalloc byte[Bytes32.Length];
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes];
        Label.CopyTo(info);
        encryptionKey.Value.Write(info[Label.Length..]);
        agreementKey.Value.Write(info[(Label.Length + PublicKey.Length)..]);
        nonce.Write(salt);
        kdf.Derive(salt, shared, info, key);
        kdf.Hmac(key, request, proof);
        CryptographicOperations.ZeroMemory(shared);
        CryptographicOperations.ZeroMemory(key);
    }
}
