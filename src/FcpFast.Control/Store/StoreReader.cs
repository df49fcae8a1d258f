using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using Microsoft.Data.Sqlite;

namespace FcpFast.Control.Store;

/// <summary>Reads the tables back into values; without a seal, everything but secrets.</summary>
/// <remarks>Errors: <see cref="InvalidDataException"/> for what no store writes.</remarks>
internal sealed class StoreReader(StoreSql sql, StoreSeal? seal, CryptoProvider crypto)
{
    public const string Signing = "signing";
    public const string Encryption = "encryption";
    public const string Issuance = "issuance";
    public const string PreviousEncryption = "previous encryption";
    public const string NextEncryption = "next encryption";

    private readonly List<SecretKey> _opened = [];

    public StoreKeyRow ReadKeyRow() => One("SELECT store_id, key_kind, key_sealed, key_passes, key_memory_kib, key_salt FROM store", static row => new StoreKeyRow(
        StoreSql.Bytes(row, 0), row.GetString(1), StoreSql.Bytes(row, 2), new PasswordCost((uint)row.GetInt64(3), (uint)row.GetInt64(4)),
        StoreSql.BytesOrNull(row, 5)));

    public StoreIdentity ReadIdentity() => One("SELECT role, name, owner_key, agreement_key FROM store", static row => new StoreIdentity(
        Enum.Parse<StoreRole>(row.GetString(0)), Must<NodeId>(NodeId.Parse(row.GetString(1), out NodeId name), name), new OwnerCard(Key(row, 2), Key(row, 3))));

    public StoredState ReadState(bool withSecrets)
    {
        var state = new StoredState
        {
            Identity = ReadIdentity(),
            Generation = StoreSql.ToUnsigned(sql.Value("SELECT generation FROM store")),
            LastStart = One("SELECT started_at, boot_id, host_id FROM store", static row => new StartMark(StoreSql.Unsigned(row, 0), row.GetString(1), row.GetString(2))),
            EncryptionSinceUnixSeconds = StoreSql.ToUnsigned(sql.Value("SELECT since FROM secret WHERE name = $1", Encryption)),
            Attestations = ReadAttestations(),
            Revocations = ReadRevocations(),
            Statements = sql.Rows("SELECT record FROM statement", static row => Must(
                GenerationStatement.Parse(StoreSql.Bytes(row, 0), out GenerationStatement? statement), statement!)).ToImmutableDictionary(static statement => statement.Node),
        };
        var zones = new List<StoredZone>();
        state = state with { Zones = zones };
        try
        {
            if (withSecrets && state.Identity.Role == StoreRole.Node) state = state with { Keys = ReadKeys() };
            foreach (string zone in sql.Rows("SELECT zone FROM zone ORDER BY zone", static row => row.GetString(0)))
            {
                ZoneState known = ReadZone(zone, state.Identity.Owner.SigningKey);
                zones.Add(new StoredZone(known, withSecrets ? ReadRing(known.Zone) : new ZoneKeyRingImage { Zone = known.Zone }));
            }

            return state with { Groups = new StoreGroupReader(sql, withSecrets ? seal : null).ReadGroups() };
        }
        catch
        {
            state.Dispose();
            foreach (SecretKey opened in _opened) opened.Dispose(); // also those that had not come into the state when the damage was found
            throw;
        }
    }

    /// <summary>Profiles, offers, manifests with their messages, and what waits.</summary>
    /// <remarks>
    /// Shape:   in an MLS zone a profile goes right before the first manifest that names it, since it may have changed who signs: whoever comes back follows the coordinator
    ///          before up to the hand-over. Elsewhere profiles go first.
    /// </remarks>
    public List<ControlRecord> ReadRecords(ZoneId zone, ManifestDigest? have, int bytesMax)
    {
        string name = zone.ToString();
        byte[]? known = have is { } digest ? StoreSql.Bytes(digest.Value) : null;
        object? place = known is null ? null : sql.Value("SELECT place FROM manifest WHERE zone = $1 AND digest = $2 AND is_evidence = 0", name, known);
        var records = new List<ControlRecord>();
        var groups = new StoreGroupReader(sql, null);
        long bytes = 0;
        List<(byte[] Digest, byte[] Record)> profiles = sql.Rows(
            "SELECT digest, record FROM profile WHERE zone = $1 AND record IS NOT NULL ORDER BY place", static row => (StoreSql.Bytes(row, 0), StoreSql.Bytes(row, 1)), name);
        int told = 0;
        bool isOfAGroup = profiles.Count > 0 && IsOfAGroup(profiles[^1].Record);
        TellProfiles(isOfAGroup ? 1 + profiles.FindIndex(static profile => IsOfAGroup(profile.Record)) : profiles.Count);
        foreach (ControlRecord offer in groups.ReadOffers(zone)) Add(offer);
        foreach (byte[] manifest in sql.Rows(
            "SELECT record FROM manifest WHERE zone = $1 AND record IS NOT NULL AND is_evidence = 0 AND place > $2 ORDER BY place", static row => StoreSql.Bytes(row, 0), name, (long?)place ?? 0))
        {
            if (bytes > bytesMax) return records;
            byte[] named = ProfileOf(manifest);
            TellProfiles(1 + profiles.FindIndex(profile => profile.Digest.AsSpan().SequenceEqual(named)));
            foreach (ControlRecord message in groups.ReadEpoch(zone, manifest)) Add(message);
            Add(ControlRecord.Of(RecordKind.Manifest, manifest));
        }

        TellProfiles(profiles.Count);
        foreach (ControlRecord waiting in groups.ReadWaiting(zone)) Add(waiting);
        return records;

        void TellProfiles(int count)
        {
            for (; told < count; told++) Add(ControlRecord.Of(RecordKind.Profile, profiles[told].Record));
        }

        void Add(ControlRecord record)
        {
            if (bytes > bytesMax) return;
            bytes += record.Payload.Length;
            records.Add(record);
        }
    }

    public List<byte[]> ReadEvidence(ZoneId zone) => sql.Rows(
        "SELECT record FROM manifest WHERE zone = $1 AND record IS NOT NULL AND is_evidence = 1 ORDER BY place", static row => StoreSql.Bytes(row, 0), zone.ToString());

    private SecretKey Open(string table, string owner, ReadOnlySpan<byte> id, ulong epoch, byte[] sealedBytes)
    {
        SecretKey secret = seal!.Open(table, owner, id, epoch, sealedBytes);
        _opened.Add(secret);
        return secret;
    }

    private static bool IsOfAGroup(byte[] profile) =>
        ZoneSecurityProfile.Parse(profile, out ZoneSecurityProfile? parsed) == FcpStatus.Accepted && parsed!.Terms.KeyMode == KeyMode.MlsTreeKem;

    /// <summary>The digest of the profile that a manifest names; empty if it names none.</summary>
    private static byte[] ProfileOf(byte[] manifest) =>
        ZoneKeyManifest.Parse(manifest, out ZoneKeyManifest? parsed) == FcpStatus.Accepted && parsed!.Header.Refs is [{ } named, ..] ? StoreSql.Bytes(named) : [];

    private static T Must<T>(FcpStatus status, T value) =>
        status == FcpStatus.Accepted ? value : throw new InvalidDataException($"a record in it is {FcpStatusNames.NameOf(status)}");

    private static PublicKey Key(SqliteDataReader row, int column) => PublicKey.Read(Exact(row, column, PublicKey.Length));

    private static byte[] Exact(SqliteDataReader row, int column, int length)
    {
        byte[] bytes = StoreSql.Bytes(row, column);
        return bytes.Length == length ? bytes : throw new InvalidDataException($"a value has {bytes.Length} bytes, {length} are expected");
    }

    private static Bytes8 Bytes8At(SqliteDataReader row, int column) => Bytes8.Read(Exact(row, column, Bytes8.Length));

    private static Bytes32 Bytes32At(SqliteDataReader row, int column) => Bytes32.Read(Exact(row, column, Bytes32.Length));

    private T One<T>(string query, Func<SqliteDataReader, T> read) =>
        sql.Rows(query, read) is [var one] ? one : throw new InvalidDataException("its identity is missing");

    private AttestationDirectory ReadAttestations() => new()
    {
        Nodes = sql.Rows("SELECT record FROM attestation", static row => Must(
            NodeKeyAttestation.Parse(StoreSql.Bytes(row, 0), out NodeKeyAttestation? attestation), attestation!)).ToImmutableDictionary(static one => one.Node),
    };

    private RevocationHistory ReadRevocations()
    {
        List<RevocationList> lists = sql.Rows("SELECT record FROM revocation ORDER BY rank", static row => Must(
            RevocationList.Parse(StoreSql.Bytes(row, 0), out RevocationList? list), list!));
        return lists.Count == 0 ? RevocationHistory.Empty : RevocationHistory.Of(lists[0], lists.Count > 1 ? lists[1] : null);
    }

    private NodeKeys ReadKeys()
    {
        Dictionary<string, SecretKey> keys = sql.Rows("SELECT name, sealed FROM secret", static row => (Name: row.GetString(0), Sealed: StoreSql.Bytes(row, 1)))
            .ToDictionary(static row => row.Name, row => Open("secret", row.Name, [], 0, row.Sealed));
        SecretKey Need(string name) => keys.GetValueOrDefault(name) ?? throw new InvalidDataException($"the node's {name} key is missing");
        return new NodeKeys(
            crypto, Need(Signing), Need(Encryption), Need(Issuance), keys.GetValueOrDefault(PreviousEncryption), keys.GetValueOrDefault(NextEncryption));
    }

    private ZoneState ReadZone(string name, PublicKey owner)
    {
        ZoneId zone = Must(ZoneId.Parse(name, out ZoneId parsed), parsed);
        ManifestHistory manifests = sql.Rows(
            "SELECT floor_valid_from, floor_created_at, awaits_healing FROM zone WHERE zone = $1", static row => new ManifestHistory
            {
                Floor = row.IsDBNull(0) ? null : new ManifestOrder(StoreSql.Unsigned(row, 0), StoreSql.Unsigned(row, 1)),
                AwaitsHealing = row.GetInt64(2) != 0,
            }, name)[0];
        return new ZoneState
        {
            Zone = zone,
            Owner = owner,
            Profiles = ReadProfiles(name),
            Manifests = manifests with
            {
                Accepted = ReadManifests(name, isEvidence: 0),
                Evidence = ReadManifests(name, isEvidence: 1),
                Named = [.. sql.Rows("SELECT digest FROM named_evidence WHERE zone = $1", static row => Bytes32At(row, 0), name)],
            },
            ZoneKeys = [.. sql.Rows(
                "SELECT id, algorithm, ratchets, first_valid_from, key_check FROM zone_key_fact WHERE zone = $1 ORDER BY place", static row => new ZoneKeyFacts(
                    new ZoneKeyId(Bytes8At(row, 0)), (AeadAlgorithm)row.GetInt32(1), row.GetInt64(2) != 0, StoreSql.Unsigned(row, 3),
                    row.IsDBNull(4) ? null : Bytes32At(row, 4)), name)],
            ObjectIdKeys = [.. sql.Rows(
                "SELECT id, key_check FROM object_id_key_fact WHERE zone = $1 ORDER BY place",
                static row => new ObjectIdKeyFacts(new ObjectIdKeyId(Bytes8At(row, 0)), Bytes32At(row, 1)), name)],
        };
    }

    private ProfileHistory ReadProfiles(string zone)
    {
        byte[]? inForce = (byte[]?)sql.Value("SELECT p.record FROM zone z JOIN profile p ON p.zone = z.zone AND p.digest = z.profile WHERE z.zone = $1", zone);
        HeldProfile? held = null;
        if (inForce is not null)
        {
            ZoneSecurityProfile profile = Must(ZoneSecurityProfile.Parse(inForce, out ZoneSecurityProfile? parsed), parsed!);
            held = new HeldProfile(profile.Digest, ContentDigest.Of(profile.SigningBytes()), profile.Revision, profile.Terms, profile.Coordinator);
        }

        return new ProfileHistory
        {
            InForce = held,
            Known = [.. sql.Rows(
                "SELECT digest, content FROM profile WHERE zone = $1 ORDER BY place",
                static row => (new ManifestDigest(Bytes32At(row, 0)), new ContentDigest(Bytes32At(row, 1))), zone)],
        };
    }

    private ImmutableArray<ManifestRecord> ReadManifests(string zone, int isEvidence) => [.. sql.Rows(
        """
        SELECT digest, content, valid_from, created_at, zone_key, previous_zone_key, object_id_key, algorithm, policy, members, has_keys
        FROM manifest WHERE zone = $1 AND is_evidence = $2 ORDER BY place
        """,
        static row => new ManifestRecord
        {
            Digest = new ManifestDigest(Bytes32At(row, 0)),
            Content = new ContentDigest(Bytes32At(row, 1)),
            Order = new ManifestOrder(StoreSql.Unsigned(row, 2), StoreSql.Unsigned(row, 3)),
            ZoneKeyId = new ZoneKeyId(Bytes8At(row, 4)),
            PreviousZoneKeyId = row.IsDBNull(5) ? null : new ZoneKeyId(Bytes8At(row, 5)),
            ObjectIdKeyId = new ObjectIdKeyId(Bytes8At(row, 6)),
            Algorithm = (AeadAlgorithm)row.GetInt32(7),
            Policy = Must(RekeyPolicy.Parse(StoreSql.Bytes(row, 8), out RekeyPolicy? policy), policy!),
            Members = [.. row.GetString(9).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static text => Must(NodeId.Parse(text, out NodeId member), member))],
            HasKeys = row.GetInt64(10) != 0,
        }, zone, isEvidence)];

    private ZoneKeyRingImage ReadRing(ZoneId zone)
    {
        string name = zone.ToString();
        return sql.Rows("SELECT active, may_seal, retain_epochs, epoch_high FROM zone WHERE zone = $1", row => new ZoneKeyRingImage
        {
            Zone = zone,
            Active = row.IsDBNull(0) ? null : new ZoneKeyId(Bytes8At(row, 0)),
            MaySeal = row.GetInt64(1) != 0,
            RetainEpochs = (uint)row.GetInt64(2),
            HighEpoch = new EpochId(StoreSql.Unsigned(row, 3)),
            ZoneKeys = [.. sql.Rows(
                """
                SELECT id, algorithm, seals_from, erased_at, sealed, chain_epoch, chain_first, chain_retain, chain_high, only_epoch
                FROM zone_key WHERE zone = $1 ORDER BY place
                """, key => ReadZoneKey(name, key), name)],
            ObjectIdKeys = [.. sql.Rows("SELECT id, erased_at, sealed FROM object_id_key WHERE zone = $1 ORDER BY place", key => new ObjectIdKeyImage(
                new ObjectIdKeyId(Bytes8At(key, 0)), StoreSql.UnsignedOrNull(key, 1),
                Open("object_id_key", name, StoreSql.Bytes(key, 0), 0, StoreSql.Bytes(key, 2))), name)],
        }, name)[0];
    }

    private ZoneKeyImage ReadZoneKey(string zone, SqliteDataReader row)
    {
        byte[] id = StoreSql.Bytes(row, 0);
        ulong? chainEpoch = StoreSql.UnsignedOrNull(row, 5);
        SecretKey key = Open("zone_key", zone, id, chainEpoch ?? 0, StoreSql.Bytes(row, 4));
        EpochChainImage? chain = chainEpoch is null ? null : new EpochChainImage(
            new EpochId(StoreSql.Unsigned(row, 6)), (uint)row.GetInt64(7), new EpochId(StoreSql.Unsigned(row, 8)), new EpochId(chainEpoch.Value), key,
            sql.Rows("SELECT epoch, sealed FROM epoch_key WHERE zone = $1 AND id = $2", epoch => (Epoch: StoreSql.Unsigned(epoch, 0), Sealed: StoreSql.Bytes(epoch, 1)), zone, id)
                .ToDictionary(static epoch => new EpochId(epoch.Epoch), epoch => Open("epoch_key", zone, id, epoch.Epoch, epoch.Sealed)));
        return new ZoneKeyImage(
            new ZoneKeyId(Bytes8At(row, 0)), (AeadAlgorithm)row.GetInt32(1), StoreSql.Unsigned(row, 2), StoreSql.UnsignedOrNull(row, 3),
            chain is null ? key : null, chain, StoreSql.UnsignedOrNull(row, 9) is { } only ? new EpochId(only) : null);
    }
}
