using System;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>A zone key and an object-id key with their ids: drawn by the owner, or opened from a manifest.</summary>
/// <remarks>
/// Shape:   both lie in the vault; disposing erases them. Whoever installs them into a ring takes them over.
/// Source:  [WIRE §2.6], [WIRE §12.3].
/// </remarks>
public sealed class ZoneSecrets : IDisposable
{
    /// <summary>Takes over two keys of 32 bytes.</summary>
    public ZoneSecrets(ZoneKeyId zoneKeyId, SecretKey zoneKey, ObjectIdKeyId objectIdKeyId, SecretKey objectIdKey)
    {
        ArgumentNullException.ThrowIfNull(zoneKey);
        ArgumentNullException.ThrowIfNull(objectIdKey);
        if (zoneKey.LengthBytes != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(zoneKey), "a zone key is 32 bytes");
        if (objectIdKey.LengthBytes != CryptoSizes.KeyBytes) ThrowHelper.BadArgument(nameof(objectIdKey), "an object-id key is 32 bytes");
        ZoneKeyId = zoneKeyId;
        ZoneKey = zoneKey;
        ObjectIdKeyId = objectIdKeyId;
        ObjectIdKey = objectIdKey;
    }

    /// <summary>The zone key's id.</summary>
    public ZoneKeyId ZoneKeyId { get; }

    /// <summary>The zone key.</summary>
    public SecretKey ZoneKey { get; }

    /// <summary>The object-id key's id.</summary>
    public ObjectIdKeyId ObjectIdKeyId { get; }

    /// <summary>The object-id key.</summary>
    public SecretKey ObjectIdKey { get; }

    /// <summary>The group's epoch that the zone key is of; null in zones whose keys the owner draws. [WIRE §14]</summary>
    public EpochId? Epoch { get; init; }

    /// <summary>Draws both keys and both ids.</summary>
    public static ZoneSecrets Generate(CryptoProvider crypto)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        return new ZoneSecrets(
            new ZoneKeyId(DrawId(crypto)), NodeKeys.Draw(crypto), new ObjectIdKeyId(DrawId(crypto)), NodeKeys.Draw(crypto));
    }

    /// <summary>Draws a new zone key; the object-id key is copied, or drawn anew too.</summary>
    public ZoneSecrets Rotate(CryptoProvider crypto, bool rotateObjectIdKey)
    {
        ArgumentNullException.ThrowIfNull(crypto);
        if (rotateObjectIdKey) return Generate(crypto);
        using KeyLease lease = ObjectIdKey.Lease();
        if (!lease.IsLive) ThrowHelper.BadState("the keys were disposed");
        return new ZoneSecrets(
            new ZoneKeyId(DrawId(crypto)), NodeKeys.Draw(crypto), ObjectIdKeyId, crypto.Vault.Import(lease.Bytes));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ZoneKey.Dispose();
        ObjectIdKey.Dispose();
    }

    private static Bytes8 DrawId(CryptoProvider crypto)
    {
        Span<byte> id = stackalloc byte[Bytes8.Length];
        crypto.Random.Fill(id);
        return Bytes8.Read(id);
    }
}
