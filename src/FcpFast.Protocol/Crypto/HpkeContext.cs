using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Crypto;

/// <summary>One end of an HPKE exchange in base mode: seals or opens numbered messages, and exports secrets.</summary>
/// <remarks>
/// Shape:   the suite is DHKEM(X25519), HKDF-SHA256 and an AEAD; key, base nonce and exporter secret lie in the vault, one behind the other.
/// Threads: one user at a time.
/// Source:  [RFC 9180 §5.2], [RFC 9180 §5.3].
/// </remarks>
public sealed class HpkeContext : IDisposable
{
    private readonly CryptoProvider _crypto;
    private readonly HpkeAead _aead;
    private readonly SecretKey _secrets;
    private readonly int _nonceOffset;
    private readonly int _exporterOffset;

    private HpkeContext(CryptoProvider crypto, HpkeAead aead, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info)
    {
        _crypto = crypto;
        _aead = aead;
        _nonceOffset = HpkeKeySchedule.KeyBytes(aead);
        _exporterOffset = _nonceOffset + HpkeKeySchedule.NonceBytes(aead);
        Span<byte> secrets = stackalloc byte[_exporterOffset + HpkeKeySchedule.ExporterSecretBytes];
        HpkeKeySchedule.Derive(
            crypto.Kdf, aead, sharedSecret, info, secrets[.._nonceOffset], secrets[_nonceOffset.._exporterOffset], secrets[_exporterOffset..]);
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
    /// <param name="aead">The suite's AEAD.</param>
    public static HpkeContext? Send(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientPublicKey, ReadOnlySpan<byte> info, Span<byte> encapsulation,
        HpkeAead aead = HpkeAead.ChaCha20Poly1305)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        Span<byte> sharedSecret = stackalloc byte[X25519Kem.SharedSecretBytes];
        bool agreed = HpkeSingleShot.TryEncapsulate(crypto, recipientPublicKey, encapsulation, sharedSecret);
        HpkeContext? context = agreed ? new HpkeContext(crypto, aead, sharedSecret, info) : null;
        CryptographicOperations.ZeroMemory(sharedSecret);
        return context;
    }

    /// <summary>Starts as the receiver; null if the encapsulation is none.</summary>
    public static HpkeContext? Receive(
        CryptoProvider crypto, ReadOnlySpan<byte> recipientSecret, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> info,
        HpkeAead aead = HpkeAead.ChaCha20Poly1305)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        if (encapsulation.Length != X25519Kem.EncapsulationBytes) return null;
        Span<byte> sharedSecret = stackalloc byte[X25519Kem.SharedSecretBytes];
        bool agreed = X25519Kem.TryDecapsulate(crypto.Kdf, crypto.KeyExchange, recipientSecret, encapsulation, sharedSecret);
        HpkeContext? context = agreed ? new HpkeContext(crypto, aead, sharedSecret, info) : null;
        CryptographicOperations.ZeroMemory(sharedSecret);
        return context;
    }

    /// <summary>Seals the next message; the ciphertext is 16 bytes longer.</summary>
    public void Seal(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext)
    {
        Span<byte> nonce = stackalloc byte[CryptoSizes.ChaChaNonceBytes];
        using KeyLease lease = Lease(nonce);
        HpkeCipher.Seal(_crypto, _aead, lease.Bytes[.._nonceOffset], nonce, associatedData, plaintext, ciphertext);
        Sequence++;
    }

    /// <summary>Opens the next message; false (and zeroes) if it does not verify, and then its number stays the next.</summary>
    public bool TryOpen(ReadOnlySpan<byte> associatedData, ReadOnlySpan<byte> ciphertext, Span<byte> plaintext)
    {
        if (ciphertext.Length < CryptoSizes.TagBytes) return false;
        Span<byte> nonce = stackalloc byte[CryptoSizes.ChaChaNonceBytes];
        using KeyLease lease = Lease(nonce);
        bool opened = HpkeCipher.TryOpen(
            _crypto, _aead, lease.Bytes[.._nonceOffset], nonce, associatedData, ciphertext, plaintext[..(ciphertext.Length - CryptoSizes.TagBytes)]);
        if (opened) Sequence++;
        return opened;
    }

    /// <summary>Derives a secret for another use, at most 8,160 bytes.</summary>
    public void Export(ReadOnlySpan<byte> exporterContext, Span<byte> output)
    {
        using KeyLease lease = _secrets.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the context was disposed");
        HpkeKeySchedule.Export(_crypto.Kdf, _aead, lease.Bytes[_exporterOffset..], exporterContext, output);
    }

    /// <inheritdoc/>
    public void Dispose() => _secrets.Dispose();

    private KeyLease Lease(Span<byte> nonce)
    {
        if (Sequence == ulong.MaxValue) ThrowHelper.BadState("the context is used up");
        KeyLease lease = _secrets.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the context was disposed");
        HpkeKeySchedule.WriteNonce(lease.Bytes[_nonceOffset.._exporterOffset], Sequence, nonce);
        return lease;
    }
}
