using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Revocations;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>Writes a change into the tables, within one transaction: only the rows that differ.</summary>
internal sealed class StoreWriter(StoreSql sql, StoreSeal seal)
{

    /// <summary>The first rows of a new store.</summary>
    public void WriteIdentity(StoreIdentity identity, StoreKeyRow key, NodeKeys? keys, ulong nowUnixSeconds)
    {
        sql.Run(
            "INSERT INTO store VALUES (1, $1, $2, $3, $4, $5, 0, 0, '', '', 0, $6, $7, $8, $9, $10)",
            key.StoreId, identity.Role.ToString(), identity.Name.ToString(), StoreSql.Bytes(identity.Owner.SigningKey.Value),
            StoreSql.Bytes(identity.Owner.AgreementKey.Value), key.Kind, key.Salt, (long)key.Cost.Passes, (long)key.Cost.MemoryKibibytes, key.Sealed);
        if (keys is not null) WriteKeys(keys, nowUnixSeconds);
    }

    /// <summary>A whole change.</summary>
    public void Write(StateChange change)
    {
        foreach (NodeKeyAttestation attestation in change.Attestations)
        {
            sql.Run("INSERT OR REPLACE INTO attestation VALUES ($1, $2)", attestation.Node.ToString(), attestation.Encoded.ToArray());
        }

        foreach (NodeId node in change.ForgottenNodes) sql.Run("DELETE FROM attestation WHERE node = $1", node.ToString());
        if (change.Revocations is { } revocations) WriteRevocations(revocations);
        foreach (GenerationStatement statement in change.Statements)
        {
            sql.Run("INSERT OR REPLACE INTO statement VALUES ($1, $2)", statement.Node.ToString(), statement.Encoded.ToArray());
        }

        if (change.Keys is { } keys) WriteKeys(keys, change.EncryptionSinceUnixSeconds);
        foreach (ZoneChange zone in change.Zones) WriteZone(zone);
        foreach (GroupChange group in change.Groups) new StoreGroupWriter(sql, seal).Write(group);
    }

    private void WriteKeys(NodeKeys keys, ulong encryptionSince)
    {
        (string Name, ulong Since, SecretKey? Key)[] rows =
        [
            (StoreReader.Signing, 0, keys.Signing), (StoreReader.Encryption, encryptionSince, keys.Encryption), (StoreReader.Issuance, 0, keys.Issuance),
            (StoreReader.PreviousEncryption, 0, keys.PreviousEncryption), (StoreReader.NextEncryption, 0, keys.NextEncryption),
        ];
        foreach ((string name, ulong since, SecretKey? key) in rows)
        {
            sql.Run("DELETE FROM secret WHERE name = $1", name);
            if (key is null) continue;
            sql.Run("INSERT INTO secret VALUES ($1, $2, $3)", name, StoreSql.Signed(since), seal.Seal("secret", name, [], 0, key));
        }
    }

    private void WriteRevocations(RevocationHistory revocations)
    {
        sql.Run("DELETE FROM revocation");
        if (revocations.InForce is { } list) sql.Run("INSERT INTO revocation VALUES (0, $1)", list.Encoded.ToArray());
        if (revocations.Rival is { } rival) sql.Run("INSERT INTO revocation VALUES (1, $1)", rival.Encoded.ToArray());
    }

    private void WriteZone(ZoneChange change)
    {
        ZoneState after = change.After;
        ZoneState before = change.Before ?? new ZoneState { Zone = after.Zone, Owner = after.Owner };
        string zone = after.Zone.ToString();
        if (change.Before is null) sql.Run("INSERT INTO zone VALUES ($1, NULL, NULL, 0, NULL, NULL, 1, 0, 0)", zone);
        sql.Run(
            "UPDATE zone SET floor_valid_from = $2, floor_created_at = $3, awaits_healing = $4, profile = $5 WHERE zone = $1", zone,
            after.Manifests.Floor is { } floor ? StoreSql.Signed(floor.ValidFromUnixSeconds) : null,
            after.Manifests.Floor is { } place ? StoreSql.Signed(place.CreatedAtUnixSeconds) : null, after.Manifests.AwaitsHealing ? 1 : 0,
            after.Profiles.InForce is { } held ? StoreSql.Bytes(held.Digest.Value) : null);
        WriteProfiles(zone, before.Profiles, after.Profiles, change.Record);
        WriteManifests(zone, before.Manifests, after.Manifests, change.Record);
        WriteFacts(zone, before, after);
        if (change.Ring is { } ring) new StoreRingWriter(sql, seal).Write(ring);
    }

    private void WriteProfiles(string zone, ProfileHistory before, ProfileHistory after, ReadOnlyMemory<byte>? record)
    {
        if (before == after) return;
        foreach ((ManifestDigest digest, ContentDigest content) in before.Known.Except(after.Known))
        {
            sql.Run("DELETE FROM profile WHERE zone = $1 AND digest = $2", zone, StoreSql.Bytes(digest.Value));
        }

        if (after.InForce is { } held && held != before.InForce && record is null) ThrowHelper.BadArgument(nameof(record), "a profile that comes into force is kept whole");
        ManifestDigest? whole = record is { } bytes ? ManifestDigest.Of(bytes.Span) : null;
        foreach ((ManifestDigest digest, ContentDigest content) in after.Known.Except(before.Known))
        {
            sql.Run(
                "INSERT INTO profile VALUES ($1, $2, (SELECT 1 + COALESCE(MAX(place), 0) FROM profile WHERE zone = $1), $3, $4)", zone,
                StoreSql.Bytes(digest.Value), StoreSql.Bytes(content.Value), digest == whole ? record!.Value.ToArray() : null);
        }
    }

    private void WriteManifests(string zone, ManifestHistory before, ManifestHistory after, ReadOnlyMemory<byte>? record)
    {
        if (before == after) return;
        Dictionary<ContentDigest, bool> held = FlagsOf(before), wanted = FlagsOf(after);
        foreach (ContentDigest gone in held.Keys.Where(content => !wanted.ContainsKey(content)))
        {
            sql.Run("DELETE FROM manifest WHERE zone = $1 AND content = $2", zone, StoreSql.Bytes(gone.Value));
        }

        foreach (ManifestRecord kept in after.Accepted.Where(kept => !held.ContainsKey(kept.Content))) Insert(zone, kept, false, record);
        foreach (ManifestRecord rival in after.Evidence)
        {
            if (!held.TryGetValue(rival.Content, out bool wasEvidence)) Insert(zone, rival, true, record);
            else if (!wasEvidence) sql.Run("UPDATE manifest SET is_evidence = 1 WHERE zone = $1 AND content = $2", zone, StoreSql.Bytes(rival.Content.Value));
        }

        foreach (Bytes32 digest in after.Named.Except(before.Named)) sql.Run("INSERT INTO named_evidence VALUES ($1, $2)", zone, StoreSql.Bytes(digest));
    }

    private void Insert(string zone, ManifestRecord kept, bool isEvidence, ReadOnlyMemory<byte>? record)
    {
        var policy = new CborWriter();
        kept.Policy.Write(policy);
        byte[]? whole = record is { } bytes && ManifestDigest.Of(bytes.Span) == kept.Digest ? bytes.ToArray() : null;
        sql.Run(
            """
            INSERT INTO manifest VALUES ($1, $2, (SELECT 1 + COALESCE(MAX(place), 0) FROM manifest WHERE zone = $1),
                $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """,
            zone, StoreSql.Bytes(kept.Content.Value), isEvidence ? 1 : 0, StoreSql.Bytes(kept.Digest.Value),
            StoreSql.Signed(kept.Order.ValidFromUnixSeconds), StoreSql.Signed(kept.Order.CreatedAtUnixSeconds), StoreSql.Bytes(kept.ZoneKeyId.Value),
            kept.PreviousZoneKeyId is { } previous ? StoreSql.Bytes(previous.Value) : null, StoreSql.Bytes(kept.ObjectIdKeyId.Value),
            (int)kept.Algorithm, policy.ToArray(), string.Join('\n', kept.Members), kept.HasKeys ? 1 : 0, whole);
    }

    private void WriteFacts(string zone, ZoneState before, ZoneState after)
    {
        foreach (ZoneKeyFacts gone in before.ZoneKeys.ExceptBy(after.ZoneKeys.Select(static facts => facts.Id), static facts => facts.Id))
        {
            sql.Run("DELETE FROM zone_key_fact WHERE zone = $1 AND id = $2", zone, StoreSql.Bytes(gone.Id.Value));
        }

        foreach (ZoneKeyFacts facts in after.ZoneKeys.Except(before.ZoneKeys))
        {
            sql.Run(
                """
                INSERT INTO zone_key_fact VALUES ($1, $2, (SELECT 1 + COALESCE(MAX(place), 0) FROM zone_key_fact WHERE zone = $1), $3, $4, $5, $6)
                ON CONFLICT DO UPDATE SET key_check = excluded.key_check
                """,
                zone, StoreSql.Bytes(facts.Id.Value), (int)facts.Algorithm, facts.Ratchets ? 1 : 0,
                StoreSql.Signed(facts.FirstValidFromUnixSeconds), facts.KeyCheck is { } check ? StoreSql.Bytes(check) : null);
        }

        foreach (ObjectIdKeyFacts gone in before.ObjectIdKeys.Except(after.ObjectIdKeys))
        {
            sql.Run("DELETE FROM object_id_key_fact WHERE zone = $1 AND id = $2", zone, StoreSql.Bytes(gone.Id.Value));
        }

        foreach (ObjectIdKeyFacts facts in after.ObjectIdKeys.Except(before.ObjectIdKeys))
        {
            sql.Run(
                "INSERT INTO object_id_key_fact VALUES ($1, $2, (SELECT 1 + COALESCE(MAX(place), 0) FROM object_id_key_fact WHERE zone = $1), $3)",
                zone, StoreSql.Bytes(facts.Id.Value), StoreSql.Bytes(facts.KeyCheck));
        }
    }

    private static Dictionary<ContentDigest, bool> FlagsOf(ManifestHistory history)
    {
        var flags = new Dictionary<ContentDigest, bool>();
        foreach (ManifestRecord kept in history.Accepted) flags[kept.Content] = false;
        foreach (ManifestRecord rival in history.Evidence) flags[rival.Content] = true;
        return flags;
    }
}
