using System;
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
    private readonly ISignatures _signatures;

    /// <summary>Takes over a seed.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="seed">32 bytes; disposed with this key.</param>
    public OwnerKey(CryptoProvider crypto, SecretKey seed)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(seed);
        _signatures = crypto.Signatures;
        Seed = seed;
        PublicKey = NodeKeys.DerivePublic(seed, crypto.Signatures.DerivePublicKey);
    }

    /// <summary>The secret, for storing it.</summary>
    public SecretKey Seed { get; }

    /// <summary>The public half.</summary>
    public PublicKey PublicKey { get; }

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
        _signatures.Sign(lease.Bytes, id.SigningBytes(unsignedCbor), signature);
    }

    /// <inheritdoc/>
    public void Dispose() => Seed.Dispose();
}
