using System;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Identities;

/// <summary>The three keys of a node: signing (Ed25519), encryption (X25519) and issuance (Ed25519).</summary>
/// <remarks>
/// Shape:   secrets lie in the vault; disposing erases them. The encryption key is renewed at the latest every 30 days, in three steps: the
///          next one is drawn, it takes the present one's place once the owner has attested it, and the one before is erased.
/// Threads: one user at a time.
/// Source:  [WIRE §13.3], [WIRE §15], [WIRE §22] row 12.
/// </remarks>
public sealed class NodeKeys : IDisposable
{
    private readonly CryptoProvider _crypto;

    /// <summary>Takes over stored secrets.</summary>
    /// <param name="crypto">The seams.</param>
    /// <param name="signing">Ed25519 seed.</param>
    /// <param name="encryption">X25519 secret.</param>
    /// <param name="issuance">Ed25519 seed.</param>
    /// <param name="previousEncryption">The X25519 secret before, if it is still kept.</param>
    /// <param name="nextEncryption">The X25519 secret that waits to be attested, if there is one.</param>
    public NodeKeys(
        CryptoProvider crypto, SecretKey signing, SecretKey encryption, SecretKey issuance, SecretKey? previousEncryption = null,
        SecretKey? nextEncryption = null)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        ArgumentNullException.ThrowIfNull(signing);
        ArgumentNullException.ThrowIfNull(encryption);
        ArgumentNullException.ThrowIfNull(issuance);
        _crypto = crypto;
        Signing = signing;
        Encryption = encryption;
        Issuance = issuance;
        PreviousEncryption = previousEncryption;
        NextEncryption = nextEncryption;
        Public = new NodePublicKeys(
            DerivePublic(signing, crypto.Signatures.DerivePublicKey),
            DerivePublic(encryption, crypto.KeyExchange.DerivePublicKey),
            DerivePublic(issuance, crypto.Signatures.DerivePublicKey));
    }

    internal delegate void DerivePublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey);

    /// <summary>Signs handshakes and control messages.</summary>
    public SecretKey Signing { get; }

    /// <summary>Opens boxes sealed to this node.</summary>
    public SecretKey Encryption { get; private set; }

    /// <summary>The encryption key before the present one; null if there is none.</summary>
    public SecretKey? PreviousEncryption { get; private set; }

    /// <summary>The encryption key that waits for the owner's attestation; null if there is none.</summary>
    public SecretKey? NextEncryption { get; private set; }

    /// <summary>Signs what the node issues.</summary>
    public SecretKey Issuance { get; }

    /// <summary>The public halves.</summary>
    public NodePublicKeys Public { get; private set; }

    /// <summary>Draws the keys of a new node.</summary>
    public static NodeKeys Generate(CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        return new NodeKeys(crypto, Draw(crypto), Draw(crypto), Draw(crypto));
    }

    /// <summary>The public halves as the node asks to have them attested: with the next encryption key, if there is one.</summary>
    public NodePublicKeys Requested() => NextEncryption is { } next
        ? Public with { Encryption = DerivePublic(next, _crypto.KeyExchange.DerivePublicKey) }
        : Public;

    /// <summary>Draws the next encryption key; one that waits already is erased.</summary>
    public void DrawNextEncryptionKey()
    {
        NextEncryption?.Dispose();
        NextEncryption = Draw(_crypto);
    }

    /// <summary>The owner has attested the next encryption key: it is the present one now. The one before the present one is erased.</summary>
    public void PromoteNextEncryptionKey()
    {
        SecretKey next = NextEncryption ?? throw new InvalidOperationException("there is no next encryption key");
        Public = Requested();
        PreviousEncryption?.Dispose();
        PreviousEncryption = Encryption;
        Encryption = next;
        NextEncryption = null;
    }

    /// <summary>Erases the encryption key before the present one: boxes sealed to it open no more.</summary>
    public void ErasePreviousEncryptionKey()
    {
        PreviousEncryption?.Dispose();
        PreviousEncryption = null;
    }

    /// <summary>Signs an object with the signing key.</summary>
    /// <param name="id">What the signature is for.</param>
    /// <param name="unsignedCbor">The object without its signature.</param>
    /// <param name="signature">64 bytes.</param>
    public void Sign(SigningId id, ReadOnlySpan<byte> unsignedCbor, Span<byte> signature)
    {
        using KeyLease lease = Signing.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the node's keys were disposed");
        _crypto.Signatures.Sign(lease.Bytes, id.SigningBytes(unsignedCbor), signature);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Signing.Dispose();
        Encryption.Dispose();
        PreviousEncryption?.Dispose();
        NextEncryption?.Dispose();
        Issuance.Dispose();
    }

    /// <summary>Draws 32 secret bytes into the vault.</summary>
    internal static SecretKey Draw(CryptoProvider crypto)
    {
        Span<byte> secret = stackalloc byte[CryptoSizes.KeyBytes];
        crypto.Random.Fill(secret);
        SecretKey key = crypto.Vault.Import(secret);
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    internal static PublicKey DerivePublic(SecretKey secret, DerivePublicKey derive)
    {
        Span<byte> publicKey = stackalloc byte[PublicKey.Length];
        using KeyLease lease = secret.Lease();
        if (!lease.IsLive || lease.Bytes.Length != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(secret), "32 live bytes");
        derive(lease.Bytes, publicKey);
        return PublicKey.Read(publicKey);
    }
}
