using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using FcpFast.Control.Identities;
using FcpFast.Control.Profiles;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Manifests;

/// <summary>Decides what becomes of a manifest: the checks M1 to M11, in their order, over a state that is only ever replaced.</summary>
/// <remarks>
/// Errors:  the names of [WIRE §11.5]; no exception for anything that a peer sends.
/// Threads: a pure function but for the vault, into which opened keys go.
/// Cost:    one signature check, one scan of the history, up to four scalar multiplications a box.
/// Source:  [WIRE §11.5], [WIRE §12.2].
/// </remarks>
public static class ManifestAcceptance
{
    /// <summary>How far clocks may differ.</summary>
    public const ulong SkewSeconds = 120;

    /// <summary>Judges a manifest as it came.</summary>
    /// <param name="bytes">The canonical CBOR.</param>
    /// <param name="state">What the node knows of the zone.</param>
    /// <param name="recipient">The node and its secrets.</param>
    /// <param name="nowUnixSeconds">The wall clock.</param>
    /// <param name="crypto">The seams.</param>
    /// <param name="epochs">The zone's group, where its profile demands one; without it such a zone is not used. It is asked, and not moved.</param>
    /// <returns>The outcome; dispose it, or take its keys.</returns>
    public static ManifestOutcome Judge(
        ReadOnlySpan<byte> bytes, ZoneState state, RecipientKeys recipient, ulong nowUnixSeconds, CryptoProvider crypto, IZoneEpochs? epochs = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(crypto);
        FcpStatus status = ZoneKeyManifest.Parse(bytes, out ZoneKeyManifest? manifest); // M1
        if (status == FcpStatus.Accepted) status = JudgeReferences(manifest!, state); // M2, M3
        if (status != FcpStatus.Accepted) return Refused(status, state);
        byte[] signingBytes = manifest!.SigningBytes();
        bool isMls = state.IsOfAGroup;
        bool isSigned = manifest.Signature.Verifies(crypto.Signatures, state.Owner, signingBytes)
            || (isMls && CoordinatorOf(state, epochs) is { } coordinator && manifest.Signature.Verifies(crypto.Signatures, coordinator, signingBytes));
        if (!isSigned) return Refused(FcpStatus.InvalidSignature, state); // M4
        if (HasDuplicate(manifest.WrappedKeys) || HasDuplicate(manifest.WrappedObjectIdKeys)) // M5
        {
            return Refused(FcpStatus.DuplicateRecipient, state);
        }

        status = JudgeValidity(manifest, nowUnixSeconds); // M6
        if (status is not (FcpStatus.Accepted or FcpStatus.ManifestExpired)) return Refused(status, state);
        if (isMls && (epochs is null || !IsOfAGroup(manifest))) return Refused(FcpStatus.Downgrade, state); // M7
        if (status == FcpStatus.Accepted) status = JudgeTerms(manifest, state.Profiles.Terms); // M7
        ManifestRecord record = ManifestRecord.Of(manifest, ContentDigest.Of(signingBytes));
        HistoryVerdict verdict = state.Manifests.Judge(record, manifest.Header.ForeignRefs); // M8
        ZoneState judged = ReferenceEquals(verdict.After, state.Manifests) ? state : state with { Manifests = verdict.After };
        if (verdict.IsKnown) return new ManifestOutcome(ManifestOutcomeKind.Unchanged, FcpStatus.Accepted, state).With(manifest, verdict);
        if (verdict.Status != FcpStatus.Accepted)
        {
            return Refused(status == FcpStatus.Accepted ? verdict.Status : status, judged).With(manifest, verdict);
        }

        WrappedKey? zoneKey = ManifestBoxes.Find(manifest.WrappedKeys, recipient.Node), objectIdKey = ManifestBoxes.Find(manifest.WrappedObjectIdKeys, recipient.Node);
        if (status == FcpStatus.Accepted && zoneKey is null && !isMls) status = FcpStatus.MissingWrappedZoneKey; // M9
        if (status == FcpStatus.Accepted && objectIdKey is null) status = FcpStatus.MissingWrappedObjectIdKey;
        ManifestOutcome outcome = status == FcpStatus.Accepted
            ? Activate(manifest, record, zoneKey, objectIdKey!, judged, recipient, crypto, isMls ? epochs : null)
            : Link(manifest, record, status, judged);
        return outcome.With(manifest, verdict);
    }

    /// <summary>M10 and M11, then the switch.</summary>
    private static ManifestOutcome Activate(
        ZoneKeyManifest manifest, ManifestRecord record, WrappedKey? zoneKey, WrappedKey objectIdKey, ZoneState state,
        RecipientKeys recipient, CryptoProvider crypto, IZoneEpochs? epochs)
    {
        FcpStatus status = epochs is null
            ? ManifestBoxes.Open(manifest, zoneKey!, objectIdKey, recipient, crypto, out ZoneSecrets? keys) // M10
            : OpenEpoch(manifest, objectIdKey, recipient, crypto, epochs, out keys);
        if (status == FcpStatus.NotMember) return Link(manifest, record, status, state); // of an epoch that this node was not in
        if (status != FcpStatus.Accepted) return Refused(status, state);
        status = JudgeReuse(manifest, keys!, state, crypto.Kdf, out ZoneState after); // M11
        if (status != FcpStatus.Accepted)
        {
            keys!.Dispose();
            return Refused(status, state);
        }

        after = after with { Manifests = after.Manifests.Append(record with { HasKeys = true }) };
        return new ManifestOutcome(ManifestOutcomeKind.Activated, FcpStatus.Accepted, after, keys);
    }

    /// <summary>M10 in an MLS zone: the object-id key's box opens, and the epoch's commit yields the zone key that is named.</summary>
    private static FcpStatus OpenEpoch(
        ZoneKeyManifest manifest, WrappedKey objectIdKey, RecipientKeys recipient, CryptoProvider crypto, IZoneEpochs epochs, out ZoneSecrets? keys)
    {
        keys = null;
        FcpStatus status = ManifestBoxes.OpenObjectIdKey(manifest, objectIdKey, recipient, crypto, out SecretKey? opened);
        if (status != FcpStatus.Accepted) return status;
        status = epochs.Preview(manifest, out SecretKey? zoneKey, out EpochId epoch);
        if (status == FcpStatus.Accepted) keys = new ZoneSecrets(manifest.ZoneKeyId, zoneKey!, manifest.ObjectIdKeyId, opened!) { Epoch = epoch };
        else opened!.Dispose();
        return status;
    }

    private static PublicKey? CoordinatorOf(ZoneState state, IZoneEpochs? epochs) =>
        state.Profiles.InForce?.Coordinator is { } coordinator ? epochs?.SigningKeyOf(coordinator) : null;

    /// <summary>No zone key wrapped, no ratchet, and a profile, a commit and at most a Welcome named. [WIRE §14]</summary>
    private static bool IsOfAGroup(ZoneKeyManifest manifest) =>
        manifest.WrappedKeys.IsEmpty && manifest.RekeyPolicy is not { EpochRatchet: true } && manifest.Header.Refs.Length is 2 or 3
        && manifest.Algorithm == AeadAlgorithm.ChaCha20Poly1305;

    private static ManifestOutcome Link(ZoneKeyManifest manifest, ManifestRecord record, FcpStatus reason, ZoneState state)
    {
        ZoneState after = state.Remember(FactsOf(manifest, null));
        return new ManifestOutcome(ManifestOutcomeKind.Linked, reason, after with { Manifests = after.Manifests.Append(record) });
    }

    private static ManifestOutcome Refused(FcpStatus status, ZoneState state) => new(ManifestOutcomeKind.Refused, status, state);

    private static FcpStatus JudgeReferences(ZoneKeyManifest manifest, ZoneState state)
    {
        if (manifest.Header.Schema != Schemas.ZoneKeyManifest) return FcpStatus.SchemaMismatch;
        Bytes32[] references = manifest.Header.Refs;
        if (references.Length > 0 && !state.Profiles.Holds(references[0])) return FcpStatus.ProfileMissing;
        return manifest.Zone == manifest.Header.Zone && manifest.Zone == state.Zone ? FcpStatus.Accepted : FcpStatus.ZoneIdMismatch;
    }

    private static bool HasDuplicate(ImmutableArray<WrappedKey> entries)
    {
        var seen = new HashSet<NodeId>(entries.Length);
        foreach (WrappedKey entry in entries)
        {
            if (!seen.Add(entry.Recipient)) return true;
        }

        return false;
    }

    private static FcpStatus JudgeValidity(ZoneKeyManifest manifest, ulong nowUnixSeconds)
    {
        ulong validFrom = manifest.ValidFromUnixSeconds;
        if (manifest.ValidUntilUnixSeconds <= validFrom) return FcpStatus.InvalidValidity;
        if (validFrom > nowUnixSeconds && validFrom - nowUnixSeconds > SkewSeconds) return FcpStatus.NotYetValid;
        bool isOver = manifest.ValidUntilUnixSeconds is { } validUntil
            && validUntil <= nowUnixSeconds && nowUnixSeconds - validUntil >= SkewSeconds;
        return isOver ? FcpStatus.ManifestExpired : FcpStatus.Accepted;
    }

    /// <summary>A profile bounds the ratchet; it names no AEAD, so either of the two will do.</summary>
    private static FcpStatus JudgeTerms(ZoneKeyManifest manifest, SecurityTerms terms) =>
        terms.RequireRatchet && manifest.RekeyPolicy is not { EpochRatchet: true } ? FcpStatus.Downgrade : FcpStatus.Accepted;

    private static FcpStatus JudgeReuse(ZoneKeyManifest manifest, ZoneSecrets keys, ZoneState state, IKdf kdf, out ZoneState after)
    {
        after = state;
        Bytes32 zoneKeyCheck = Check(kdf, keys.ZoneKeyId.Value, keys.ZoneKey);
        Bytes32 objectIdKeyCheck = Check(kdf, keys.ObjectIdKeyId.Value, keys.ObjectIdKey);
        ZoneKeyFacts facts = FactsOf(manifest, zoneKeyCheck);
        ZoneKeyFacts? known = state.FindZoneKey(facts.Id);
        if (known is not null && (known.Algorithm != facts.Algorithm || known.Ratchets != facts.Ratchets)) return FcpStatus.KeyIdReuse;
        if (known?.KeyCheck is { } check && !KeyCheck.AreEqual(check, zoneKeyCheck)) return FcpStatus.KeyIdReuse;
        if (state.IsRetired(facts.Id)) return FcpStatus.KeyIdReuse; // a key that was rotated out never seals again (12.3)
        ObjectIdKeyFacts? knownObjectIdKey = state.FindObjectIdKey(keys.ObjectIdKeyId);
        if (knownObjectIdKey is not null && !KeyCheck.AreEqual(knownObjectIdKey.KeyCheck, objectIdKeyCheck)) return FcpStatus.KeyIdReuse;
        bool movesChain = known is not null && facts.Ratchets && known.FirstValidFromUnixSeconds != facts.FirstValidFromUnixSeconds;
        if (movesChain) return FcpStatus.InvalidValidity;
        after = state.Remember(facts).Remember(new ObjectIdKeyFacts(keys.ObjectIdKeyId, objectIdKeyCheck));
        return FcpStatus.Accepted;
    }

    private static ZoneKeyFacts FactsOf(ZoneKeyManifest manifest, Bytes32? keyCheck) => new(
        manifest.ZoneKeyId, manifest.Algorithm, manifest.RekeyPolicy is { EpochRatchet: true }, manifest.ValidFromUnixSeconds, keyCheck);

    private static Bytes32 Check(IKdf kdf, Bytes8 keyId, SecretKey key)
    {
        using KeyLease lease = key.Lease();
        Invariant.Require(lease.IsLive, "keys just opened are live");
        return KeyCheck.Compute(kdf, keyId, lease.Bytes);
    }
}
