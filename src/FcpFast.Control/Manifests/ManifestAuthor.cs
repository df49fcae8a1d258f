using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;

namespace FcpFast.Control.Manifests;

/// <summary>Makes manifests: seals the keys to every recipient and signs.</summary>
/// <remarks>
/// Threads: a pure function but for the generator.
/// Cost:    four scalar multiplications a recipient.
/// Source:  [WIRE §11.2], [WIRE §11.4].
/// </remarks>
public static class ManifestAuthor
{
    /// <summary>Makes a manifest.</summary>
    /// <param name="draft">What it says.</param>
    /// <param name="keys">The keys to distribute.</param>
    /// <param name="owner">The owner's key.</param>
    /// <param name="signer">Who signs, for display.</param>
    /// <param name="signedAtUnixSeconds">When, for display.</param>
    /// <param name="crypto">The seams; ephemeral keys are drawn for the zone-key list, then for the other, in the recipients' order.</param>
    /// <param name="manifest">The manifest.</param>
    /// <remarks>
    /// Errors: <c>ZoneIdMismatch</c>, <c>InvalidNodeId</c>, <c>InvalidRekeyPolicy</c>, <c>InvalidValidity</c>, <c>DuplicateRecipient</c>
    ///         for drafts that no node would accept; <c>HpkeFailed</c> if a recipient's key is none.
    /// </remarks>
    public static FcpStatus Author(
        ManifestDraft draft, ZoneSecrets keys, OwnerKey owner, NodeId signer, ulong signedAtUnixSeconds, CryptoProvider crypto,
        out ZoneKeyManifest? manifest)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(crypto);
        manifest = null;
        FcpStatus status = Judge(draft, signer);
        if (status != FcpStatus.Accepted) return status;
        status = SealAll(draft, BoxPurpose.ZoneKey, keys.ZoneKey, crypto, out ImmutableArray<WrappedKey> zoneKeys);
        if (status != FcpStatus.Accepted) return status;
        return Sign(
            draft, keys.ZoneKeyId, zoneKeys, keys.ObjectIdKeyId, keys.ObjectIdKey, owner.Sign, signer, signedAtUnixSeconds, crypto, out manifest);
    }

    /// <summary>Makes the manifest of an MLS epoch: it wraps the object-id key only; the zone key comes from the group.</summary>
    /// <param name="draft">What it says; names the epoch's messages.</param>
    /// <param name="zoneKeyId">As the group exports it.</param>
    /// <param name="objectIdKeyId">The object-id key's id.</param>
    /// <param name="objectIdKey">The object-id key.</param>
    /// <param name="sign">The owner's key, or the coordinator's.</param>
    /// <param name="signer">Who signs, for display.</param>
    /// <param name="signedAtUnixSeconds">When, for display.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="manifest">The manifest.</param>
    /// <remarks>Errors: as <see cref="Author"/>. Source: [WIRE §14].</remarks>
    public static FcpStatus AuthorEpoch(
        ManifestDraft draft, ZoneKeyId zoneKeyId, ObjectIdKeyId objectIdKeyId, SecretKey objectIdKey, ObjectSigner sign, NodeId signer,
        ulong signedAtUnixSeconds, CryptoProvider crypto, out ZoneKeyManifest? manifest)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(objectIdKey);
        ArgumentNullException.ThrowIfNull(sign);
        ArgumentNullException.ThrowIfNull(crypto);
        manifest = null;
        FcpStatus status = Judge(draft, signer);
        if (status != FcpStatus.Accepted) return status;
        return Sign(draft, zoneKeyId, [], objectIdKeyId, objectIdKey, sign, signer, signedAtUnixSeconds, crypto, out manifest);
    }

    private static FcpStatus Sign(
        ManifestDraft draft, ZoneKeyId zoneKeyId, ImmutableArray<WrappedKey> zoneKeys, ObjectIdKeyId objectIdKeyId, SecretKey objectIdKey,
        ObjectSigner sign, NodeId signer, ulong signedAtUnixSeconds, CryptoProvider crypto, out ZoneKeyManifest? manifest)
    {
        manifest = null;
        FcpStatus status = SealAll(draft, BoxPurpose.ObjectIdKey, objectIdKey, crypto, out ImmutableArray<WrappedKey> objectIdKeys);
        if (status != FcpStatus.Accepted) return status;
        var unsigned = new ZoneKeyManifest
        {
            Header = new ObjectHeader
            {
                Schema = Schemas.ZoneKeyManifest,
                Zone = draft.Zone,
                CreatedAtUnixSeconds = draft.CreatedAtUnixSeconds,
                Refs = RefsOf(draft),
                ForeignRefs = [.. draft.Evidence],
            },
            Zone = draft.Zone,
            ZoneKeyId = zoneKeyId,
            ObjectIdKeyId = objectIdKeyId,
            Algorithm = draft.Algorithm,
            ValidFromUnixSeconds = draft.ValidFromUnixSeconds,
            ValidUntilUnixSeconds = draft.ValidUntilUnixSeconds,
            PreviousZoneKeyId = draft.PreviousZoneKeyId,
            WrappedKeys = zoneKeys,
            WrappedObjectIdKeys = objectIdKeys,
            RekeyPolicy = draft.RekeyPolicy,
            Signature = new OwnerSignature(signer, default, signedAtUnixSeconds),
        };
        manifest = unsigned.Sign(sign);
        return FcpStatus.Accepted;
    }

    private static Bytes32[] RefsOf(ManifestDraft draft)
    {
        var refs = new List<Bytes32>();
        if (draft.Profile is { } profile) refs.Add(profile.Value);
        foreach (ObjectId message in draft.EpochMessages) refs.Add(message.Value);
        return [.. refs];
    }

    private static FcpStatus Judge(ManifestDraft draft, NodeId signer)
    {
        if (draft.Zone.IsEmpty) return FcpStatus.ZoneIdMismatch;
        if (signer.IsEmpty || draft.Recipients.Any(static recipient => recipient.Node.IsEmpty)) return FcpStatus.InvalidNodeId;
        if (draft.RekeyPolicy is { IsValid: false }) return FcpStatus.InvalidRekeyPolicy;
        if (draft.ValidUntilUnixSeconds <= draft.ValidFromUnixSeconds) return FcpStatus.InvalidValidity;
        var seen = new HashSet<NodeId>();
        return draft.Recipients.All(recipient => seen.Add(recipient.Node)) ? FcpStatus.Accepted : FcpStatus.DuplicateRecipient;
    }

    private static FcpStatus SealAll(
        ManifestDraft draft, BoxPurpose purpose, SecretKey key, CryptoProvider crypto, out ImmutableArray<WrappedKey> entries)
    {
        ImmutableArray<WrappedKey>.Builder sealedKeys = ImmutableArray.CreateBuilder<WrappedKey>(draft.Recipients.Length);
        entries = [];
        foreach (ManifestRecipient recipient in draft.Recipients)
        {
            FcpStatus status = ManifestBoxes.Seal(draft.Zone, recipient, purpose, key, crypto, out WrappedKey? wrapped);
            if (status != FcpStatus.Accepted) return status;
            sealedKeys.Add(wrapped!);
        }

        entries = sealedKeys.MoveToImmutable();
        return FcpStatus.Accepted;
    }
}
