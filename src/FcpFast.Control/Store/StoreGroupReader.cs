using System.Collections.Generic;
using System.IO;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Manifests;
using FcpFast.Control.Records;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Store;

/// <summary>Reads what is kept of zones' groups; without a seal, everything but secrets.</summary>
/// <remarks>Errors: <see cref="InvalidDataException"/> for what no store writes. Source: [WIRE §14].</remarks>
internal sealed class StoreGroupReader(StoreSql sql, StoreSeal? seal)
{
    /// <summary>The groups, with their secrets if there is a seal.</summary>
    public List<StoredGroup> ReadGroups()
    {
        var groups = new List<StoredGroup>();
        try
        {
            List<string> zones = sql.Rows(
                "SELECT zone FROM zone_group UNION SELECT zone FROM key_package UNION SELECT zone FROM membership_grant ORDER BY 1", static row => row.GetString(0));
            foreach (string zone in zones) groups.Add(ReadGroup(zone));
            return groups;
        }
        catch
        {
            foreach (StoredGroup group in groups) group.Dispose();
            throw;
        }
    }

    /// <summary>One message; null if it is not known, empty if it is known and of no more use.</summary>
    public byte[]? ReadMessage(ZoneId zone, ObjectId id) =>
        (byte[]?)sql.Value("SELECT record FROM group_message WHERE zone = $1 AND id = $2", zone.ToString(), StoreSql.Bytes(id.Value));

    /// <summary>A node's key package; null if none is kept.</summary>
    public byte[]? ReadKeyPackage(ZoneId zone, NodeId node) => (byte[]?)sql.Value(
        "SELECT record FROM group_message WHERE zone = $1 AND kind = $2 AND node = $3", zone.ToString(), (int)GroupMessageKind.KeyPackage, node.ToString());

    /// <summary>The messages of a kind that were made in an epoch, as they came.</summary>
    public List<byte[]> ReadMessages(ZoneId zone, GroupMessageKind kind, ulong epoch) => sql.Rows(
        "SELECT record FROM group_message WHERE zone = $1 AND kind = $2 AND epoch = $3 ORDER BY place", static row => StoreSql.Bytes(row, 0), zone.ToString(),
        (int)kind, StoreSql.Signed(epoch));

    /// <summary>What goes before the manifests of a zone: grants and key packages.</summary>
    public IEnumerable<ControlRecord> ReadOffers(ZoneId zone)
    {
        string name = zone.ToString();
        foreach (byte[] grant in sql.Rows("SELECT record FROM membership_grant WHERE zone = $1 ORDER BY serial", static row => StoreSql.Bytes(row, 0), name))
        {
            yield return ControlRecord.Of(RecordKind.MembershipGrant, grant);
        }

        foreach (byte[] package in sql.Rows(
            "SELECT record FROM group_message WHERE zone = $1 AND kind = $2 ORDER BY place", static row => StoreSql.Bytes(row, 0), name, (int)GroupMessageKind.KeyPackage))
        {
            yield return ControlRecord.Of(RecordKind.GroupMessage, package);
        }
    }

    /// <summary>What goes before one manifest: the proposals that its commit may refer to, the commit, the Welcome.</summary>
    public IEnumerable<ControlRecord> ReadEpoch(ZoneId zone, byte[] manifest)
    {
        foreach (Bytes32 id in MessagesOf(manifest))
        {
            if (ReadMessage(zone, new ObjectId(id)) is not { } record) continue;
            if (GroupMessage.Parse(record, zone, out GroupMessage? message) == FcpStatus.Accepted && message!.Kind == GroupMessageKind.Commit)
            {
                foreach (byte[] proposal in ReadMessages(zone, GroupMessageKind.Proposal, message.Epoch)) yield return ControlRecord.Of(RecordKind.GroupMessage, proposal);
            }

            yield return ControlRecord.Of(RecordKind.GroupMessage, record);
        }
    }

    /// <summary>What goes behind the manifests: proposals and commits that came after the last one's commit.</summary>
    public IEnumerable<ControlRecord> ReadWaiting(ZoneId zone)
    {
        string name = zone.ToString();
        byte[]? last = (byte[]?)sql.Value(
            "SELECT record FROM manifest WHERE zone = $1 AND record IS NOT NULL AND is_evidence = 0 ORDER BY place DESC LIMIT 1", name);
        long epoch = -1;
        foreach (Bytes32 id in last is null ? [] : MessagesOf(last))
        {
            epoch = (long?)sql.Value("SELECT epoch FROM group_message WHERE zone = $1 AND id = $2", name, StoreSql.Bytes(id)) ?? epoch;
        }

        return sql.Rows(
            "SELECT record FROM group_message WHERE zone = $1 AND kind IN ($2, $3) AND epoch > $4 ORDER BY place", static row => StoreSql.Bytes(row, 0), name,
            (int)GroupMessageKind.Proposal, (int)GroupMessageKind.Commit, epoch).Select(static record => ControlRecord.Of(RecordKind.GroupMessage, record));
    }

    /// <summary>The ids of an epoch's messages, behind the profile's digest. [WIRE §14]</summary>
    private static Bytes32[] MessagesOf(byte[] manifest) =>
        ZoneKeyManifest.Parse(manifest, out ZoneKeyManifest? parsed) == FcpStatus.Accepted && parsed!.Header.Refs.Length > 1 ? parsed.Header.Refs[1..] : [];

    private StoredGroup ReadGroup(string name)
    {
        if (ZoneId.Parse(name, out ZoneId zone) != FcpStatus.Accepted) throw new InvalidDataException("a group's zone is none");
        var group = new StoredGroup(zone)
        {
            Grants = [.. sql.Rows("SELECT record, taken_at FROM membership_grant WHERE zone = $1 ORDER BY serial", static row => new HeldGrant(
                MembershipGrant.Parse(StoreSql.Bytes(row, 0), out MembershipGrant? grant) == FcpStatus.Accepted ? grant! : throw new InvalidDataException("a grant is none"),
                StoreSql.Unsigned(row, 1)), name)],
        };
        if (seal is null) return group;
        try
        {
            if (sql.Value("SELECT sealed FROM zone_group WHERE zone = $1", name) is byte[] record) group = group with { Record = seal.OpenRecord(name, record) };
            List<(ulong At, byte[] Message, byte[] Init, byte[] Encryption)> offers = sql.Rows(
                "SELECT made_at, message, init, encryption FROM key_package WHERE zone = $1",
                static row => (StoreSql.Unsigned(row, 0), StoreSql.Bytes(row, 1), StoreSql.Bytes(row, 2), StoreSql.Bytes(row, 3)), name);
            if (offers is not [var offer]) return group;
            group = group with { OfferedAtUnixSeconds = offer.At, Offered = offer.Message, OfferedInit = seal.Open("key_package", name, "init"u8, 0, offer.Init) };
            return group with { OfferedEncryption = seal.Open("key_package", name, "leaf"u8, 0, offer.Encryption) };
        }
        catch
        {
            group.Dispose(); // what was opened before the damage was found
            throw;
        }
    }
}
