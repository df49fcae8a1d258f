using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>The owner's Ed25519 key: it signs manifests, profiles and attestations, and may stay offline.</summary>
/// <remarks>
/// Shape:   the seed lies in the vault; disposing erases it.
/// Threads: signing from several threads is safe.
/// Source:  [WIRE §2.7], [WIRE §11.4], [WIRE §15].
/// </remarks>
public sealed class OwnerKey : IDisposable
{
    private readonly CryptoProvider _crypto;
    private readonly SecretKey _agreement;

    /// <summary>Takes over a seed.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="seed">32 bytes; disposed with this key.</param>
    public OwnerKey(CryptoProvider crypto, SecretKey seed)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(seed);
        _crypto = crypto;
        Seed = seed;
        PublicKey = NodeKeys.DerivePublic(seed, crypto.Signatures.DerivePublicKey);
        _agreement = Derive("FCPFAST-OWNER-AGREEMENT-V1"u8);
        AgreementKey = NodeKeys.DerivePublic(_agreement, crypto.KeyExchange.DerivePublicKey);
    }

    /// <summary>The secret, for storing it.</summary>
    public SecretKey Seed { get; }

    /// <summary>The public half.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>The X25519 key to which nodes prove that they hold their encryption keys; it follows from the seed.</summary>
    public PublicKey AgreementKey { get; }

    /// <summary>Its kid.</summary>
    public KeyId KeyId => PublicKey.ComputeKeyId();

    /// <summary>Draws a new owner key.</summary>
    public static OwnerKey Generate(CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        return new OwnerKey(crypto, NodeKeys.Draw(crypto));
    }

    /// <summary>Signs an object.</summary>
    /// <param name="id">What the signature is for.</param>
    /// <param name="unsignedCbor">The object without its signature.</param>
    /// <param name="signature">64 bytes.</param>
    public void Sign(SigningId id, ReadOnlySpan<byte> unsignedCbor, Span<byte> signature)
    {
        using KeyLease lease = Seed.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the owner key was disposed");
        _crypto.Signatures.Sign(lease.Bytes, id.SigningBytes(unsignedCbor), signature);
    }

    /// <summary>A secret of the owner's for one purpose, which says nothing about the seed.</summary>
    /// <param name="purpose">What it is for.</param>
    public SecretKey Derive(ReadOnlySpan<byte> purpose)
    {
        Span<byte> derived = stackalloc byte[CryptoSizes.KeyBytes];
        using (KeyLease lease = Seed.Lease())
        {
            if (!lease.IsLive) ThrowHelper.BadState("the owner key was disposed");
            _crypto.Kdf.Derive(default, lease.Bytes, purpose, derived);
        }

        SecretKey key = _crypto.Vault.Import(derived);
        CryptographicOperations.ZeroMemory(derived);
        return key;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Seed.Dispose();
        _agreement.Dispose();
    }

    /// <summary>The secret that the owner shares with the holder of another X25519 key; false if that key is none.</summary>
    internal bool TryAgree(PublicKey other, Span<byte> sharedSecret)
    {
        Span<byte> otherBytes = stackalloc byte[PublicKey.Length];
        other.Value.Write(otherBytes);
        using KeyLease lease = _agreement.Lease();
        return lease.IsLive && _crypto.KeyExchange.TryAgree(lease.Bytes, otherBytes, sharedSecret);
    }
}
