using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>One end of an HPKE exchange in base mode: seals or opens numbered messages, and exports secrets.</summary>
/// <remarks>
/// Shape:   the suite is DHKEM(X25519), HKDF-SHA256, ChaCha20-Poly1305; key, base nonce and exporter secret lie in the vault.
/// Threads: one user at a time.
/// Source:  [RFC 9180 §5.2], [RFC 9180 §5.3].
/// </remarks>
public sealed class HpkeContext : IDisposable
{
    private const int NonceOffset = CryptoSizes.KeyBytes;
    private const int ExporterOffset = NonceOffset + CryptoSizes.ChaChaNonceBytes;
    private const int SecretsBytes = ExporterOffset + HpkeKeySchedule.ExporterSecretBytes;
    private const HpkeAead Aead = HpkeAead.ChaCha20Poly1305;

    private readonly CryptoProvider _crypto;
    private readonly SecretKey _secrets;

    private HpkeContext(CryptoProvider crypto, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info)
    {
        _crypto = crypto;
        Span<byte> secrets = stackalloc byte[SecretsBytes];
        HpkeKeySchedule.Derive(
            crypto.Kdf, Aead, sharedSecret, info, secrets[..NonceOffset], secrets[NonceOffset..ExporterOffset], secrets[ExporterOffset..]);
        _secrets = crypto.Vault.Import(secrets);
        CryptographicOperations.ZeroMemory(secrets);
    }

    /// <summary>The number of the next message, counted from 0.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Starts as the sender; null if the recipient's key is none.</summary>
    /// <param name="crypto">The seams; the ephemeral key is drawn from its generator.</param>
    /// <param name="recipientPublicKey">32 bytes.</param>
    /// <param name="info">The application's.</param>
    /// <param name="encapsulation">32 bytes to send along.</param>
    public static HpkeContext? Send(CryptoProvider crypto, ReadOnlySpan<byte> recipientPublicKey, ReadOnlySpan<byte> info, Span<byte> encapsulation)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        Span<byte> sharedSecret = stackalloc byte[X25519Kem.SharedSecretBytes];
        bool agreed = HpkeSingleShot.TryEncapsulate(crypto, recipientPublicKey, encapsulation, sharedSecret);
        HpkeContext? context = agreed ? new HpkeContext(crypto, sharedSecret, info) : null;
        CryptographicOperations.ZeroMemory(sharedSecret);
        return context;
    }

    /// <summary>Starts as the receiver; null if the encapsulation is none.</summary>
    public static HpkeContext? Receive(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientSecret, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> info)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        if (encapsulation.Length != X25519Kem.EncapsulationBytes) return null;
        Span<byte> sharedSecret = stackalloc byte[X25519Kem.SharedSecretBytes];
        bool agreed = X25519Kem.TryDecapsulate(crypto.Kdf, crypto.KeyExchange, recipientSecret, encapsulation, sharedSecret);
        HpkeContext? context = agreed ? new HpkeContext(crypto, sharedSecret, info) : null;
        CryptographicOperations.ZeroMemory(sharedSecret);
        return context;
    }

    /// <summary>Seals the next message; the ciphertext is 16 bytes longer.</summary>
    public void Seal(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        Span<byte> nonce = stackalloc byte[CryptoSizes.ChaChaNonceBytes];
        using KeyLease lease = Lease(nonce);
        _crypto.Aead.SealOne(AeadAlgorithm.ChaCha20Poly1305, lease.Bytes[..NonceOffset], nonce, associatedData, plaintext, ciphertext);
        Sequence++;
    }

    /// <summary>Opens the next message; false (and zeroes) if it does not verify, and then its number stays the next.</summary>
    public bool TryOpen(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (ciphertext.Length < CryptoSizes.TagBytes) return false;
        Span<byte> nonce = stackalloc byte[CryptoSizes.ChaChaNonceBytes];
        using KeyLease lease = Lease(nonce);
        bool opened = _crypto.Aead.OpenOne(
            AeadAlgorithm.ChaCha20Poly1305, lease.Bytes[..NonceOffset], nonce, associatedData, ciphertext,
            plaintext[..(ciphertext.Length - CryptoSizes.TagBytes)]);
        if (opened) Sequence++;
        return opened;
    }

    /// <summary>Derives a secret for another use, at most 8,160 bytes.</summary>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> output)
    {
        using KeyLease lease = _secrets.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the context was disposed");
        HpkeKeySchedule.Export(_crypto.Kdf, Aead, lease.Bytes[ExporterOffset..], exporterContext, output);
    }

    /// <inheritdoc/>
    public void Dispose() => _secrets.Dispose();

    private KeyLease Lease(Span<byte> nonce)
    {
        if (Sequence == ulong.MaxValue) ThrowHelper.BadState("the context is used up");
        KeyLease lease = _secrets.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the context was disposed");
        HpkeKeySchedule.WriteNonce(lease.Bytes[NonceOffset..ExporterOffset], Sequence, nonce);
        return lease;
    }
}
