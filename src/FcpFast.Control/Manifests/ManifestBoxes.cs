using System;
using System.Collections.Immutable;
using System.Security.Cryptography;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Manifests;

/// <summary>Seals keys to recipients and opens the boxes of one node.</summary>
/// <remarks>Source: [WIRE §10], [WIRE §11.2], [WIRE §11.5] M10.</remarks>
internal static class ManifestBoxes
{
    /// <summary>A node's entry in a list; null if it has none.</summary>
    public static WrappedKey? Find(ImmutableArray<WrappedKey> entries, NodeId node)
    {
        foreach (WrappedKey entry in entries)
        {
            if (entry.Recipient == node) return entry;
        }

        return null;
    }

    /// <summary>Opens both boxes of a node.</summary>
    /// <remarks>Errors: <c>HpkeFailed</c> if either does not open, then <c>InvalidKeyLength</c>.</remarks>
    public static FcpStatus Open(
        ZoneKeyManifest manifest, WrappedKey zoneKey, WrappedKey objectIdKey, RecipientKeys recipient, CryptoProvider crypto,
        out ZoneSecrets? keys)
    {
        keys = null;
        Span<byte> zoneBytes = stackalloc byte[SealedBox.BytesMax], objectIdBytes = stackalloc byte[SealedBox.BytesMax];
        FcpStatus status = OpenOne(manifest, zoneKey, BoxPurpose.ZoneKey, recipient, crypto, zoneBytes, out int zoneKeyBytes);
        int objectIdKeyBytes = 0;
        if (status == FcpStatus.Accepted)
        {
            status = OpenOne(manifest, objectIdKey, BoxPurpose.ObjectIdKey, recipient, crypto, objectIdBytes, out objectIdKeyBytes);
        }

        if (status == FcpStatus.Accepted && (zoneKeyBytes != CryptoSizes.KeyBytes || objectIdKeyBytes != CryptoSizes.KeyBytes))
        {
            status = FcpStatus.InvalidKeyLength;
        }

        if (status == FcpStatus.Accepted)
        {
            keys = new ZoneSecrets(
                manifest.ZoneKeyId, crypto.Vault.Import(zoneBytes[..CryptoSizes.KeyBytes]),
                manifest.ObjectIdKeyId, crypto.Vault.Import(objectIdBytes[..CryptoSizes.KeyBytes]));
        }

        CryptographicOperations.ZeroMemory(zoneBytes);
        CryptographicOperations.ZeroMemory(objectIdBytes);
        return status;
    }

    /// <summary>Opens the object-id key's box of a node: all that a manifest of an MLS zone wraps.</summary>
    /// <remarks>Errors: <c>HpkeFailed</c>, then <c>InvalidKeyLength</c>. Source: [WIRE §14].</remarks>
    public static FcpStatus OpenObjectIdKey(
        ZoneKeyManifest manifest, WrappedKey objectIdKey, RecipientKeys recipient, CryptoProvider crypto, out SecretKey? key)
    {
        key = null;
        Span<byte> bytes = stackalloc byte[SealedBox.BytesMax];
        FcpStatus status = OpenOne(manifest, objectIdKey, BoxPurpose.ObjectIdKey, recipient, crypto, bytes, out int keyBytes);
        if (status == FcpStatus.Accepted && keyBytes != CryptoSizes.KeyBytes) status = FcpStatus.InvalidKeyLength;
        if (status == FcpStatus.Accepted) key = crypto.Vault.Import(bytes[..CryptoSizes.KeyBytes]);
        CryptographicOperations.ZeroMemory(bytes);
        return status;
    }

    /// <summary>Seals a key to one recipient.</summary>
    /// <remarks>Errors: <c>HpkeFailed</c> if the recipient's public key is none.</remarks>
    public static FcpStatus Seal(
        ZoneId zone, ManifestRecipient recipient, BoxPurpose purpose, SecretKey key, CryptoProvider crypto, out WrappedKey? wrapped)
    {
        wrapped = null;
        byte[] box = new byte[SealedBox.KeyBoxBytes];
        Span<byte> publicKey = stackalloc byte[PublicKey.Length];
        recipient.EncryptionKey.Value.Write(publicKey);
        using KeyLease lease = key.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the keys were disposed");
        byte[] context = new BoxContext(zone, recipient.Node, purpose, recipient.IssuedAtUnixSeconds).ToAssociatedData();
        FcpStatus status = SealedBox.Seal(crypto, publicKey, context, lease.Bytes, box);
        if (status == FcpStatus.Accepted) wrapped = new WrappedKey(recipient.Node, recipient.IssuedAtUnixSeconds, box);
        return status;
    }

    private static FcpStatus OpenOne(
        ZoneKeyManifest manifest, WrappedKey entry, BoxPurpose purpose, RecipientKeys recipient, CryptoProvider crypto,
        Span<byte> plaintext, out int plaintextBytes)
    {
        plaintextBytes = entry.Box.Length - SealedBox.OverheadBytes;
        byte[] context = new BoxContext(manifest.Zone, entry.Recipient, purpose, entry.IssuedAtUnixSeconds).ToAssociatedData();
        FcpStatus status = OpenWith(recipient.Encryption, context, entry.Box.Span, crypto, plaintext[..plaintextBytes]);
        if (status != FcpStatus.Accepted) status = OpenWith(recipient.PreviousEncryption, context, entry.Box.Span, crypto, plaintext[..plaintextBytes]);
        if (status != FcpStatus.Accepted) status = OpenWith(recipient.NextEncryption, context, entry.Box.Span, crypto, plaintext[..plaintextBytes]);
        return status;
    }

    private static FcpStatus OpenWith(SecretKey? secret, byte[] context, ReadOnlySpan<byte> box, CryptoProvider crypto, Span<byte> plaintext)
    {
        if (secret is null) return FcpStatus.HpkeFailed;
        using KeyLease lease = secret.Lease();
        return lease.IsLive ? SealedBox.Open(crypto, lease.Bytes, context, box, plaintext) : FcpStatus.HpkeFailed;
    }
}
