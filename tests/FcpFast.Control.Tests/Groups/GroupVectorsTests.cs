using System;
using System.Globalization;
using System.Text.Json.Nodes;
using FcpFast.Control.Groups;
using FcpFast.Control.Records;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Schedule;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Groups;

/// <summary>tests/Vectors/group_records.json: [WIRE §14]'s records as they travel.</summary>
public sealed class GroupVectorsTests
{
    [Fact]
    public void Vectors_OfTheRepository_AreThoseOfThisBuild()
    {
        var cases = new OwnVectors("group_records");
        using var zone = new GroupZone(42);
        AddGrants(cases, zone);
        AddMessages(cases, zone);
        AddOrders(cases);
        AddKeys(cases, zone.Crypto);
        cases.AssertStored();
    }

    private static void AddGrants(OwnVectors cases, GroupZone zone)
    {
        byte[] add = zone.Grant(MembershipAction.Add, TestZone.NodeOf("node-7"), 7).Encoded.ToArray();
        byte[] remove = zone.Grant(MembershipAction.Remove, TestZone.NodeOf("node-7"), 8).Encoded.ToArray();
        JsonObject With(RecordKind kind, byte[] cbor)
        {
            JsonObject inputs = Payload(kind, cbor);
            inputs["owner_public"] = zone.Owner.PublicKey.ToString();
            return inputs;
        }

        JsonObject Gives(string action, ulong serial) =>
            new() { ["zone_id"] = zone.Zone.ToString(), ["action"] = action, ["node_id"] = "node-7", ["serial"] = serial.ToString(CultureInfo.InvariantCulture) };
        cases.Add("membership_grant", "leave to add", With(RecordKind.MembershipGrant, add), Gives("add", 7));
        cases.Add("membership_grant", "leave to remove", With(RecordKind.MembershipGrant, remove), Gives("remove", 8));
        cases.Add("membership_grant", "another serial", With(RecordKind.MembershipGrant, Replaced(add, "serial"u8, 1)), OwnVectors.Error(FcpStatus.InvalidSignature));
        cases.Add("membership_grant", "another action", With(RecordKind.MembershipGrant, Replaced(add, "action"u8, 2)), OwnVectors.Error(FcpStatus.CborDeserialize));
        cases.Add("membership_grant", "a byte too much", With(RecordKind.MembershipGrant, [.. add, 0]), OwnVectors.Error(FcpStatus.TrailingBytes));
        cases.Add("membership_grant", "the schema of another record", With(RecordKind.HealOrder, add), OwnVectors.Error(FcpStatus.SchemaMismatch));
    }

    private static void AddMessages(OwnVectors cases, GroupZone zone)
    {
        var node = new GroupNode(zone, "node-1");
        zone.Nodes.Add(node); // so that it is disposed of with the zone
        GroupMessage package = node.OfferPackage();
        GroupZone.Accepted(zone.Coordinator.Group.Add(zone.Grant(MembershipAction.Add, node.Id), package));
        GroupMessage commit = zone.Coordinator.Group.PendingCommit!, welcome = zone.Coordinator.Group.PendingWelcome!;
        zone.Order(commit, welcome);
        node.Join(commit, welcome);
        GroupZone.Accepted(node.Group.ProposeHealing(out GroupMessage? proposal));
        foreach ((string kind, GroupMessage message) in ((string, GroupMessage)[])[("key_package", package), ("proposal", proposal!), ("commit", commit), ("welcome", welcome)])
        {
            cases.Add("mls_message", $"a {kind}", Payload(RecordKind.GroupMessage, message.Encoded.Span), new JsonObject
            {
                ["zone_id"] = zone.Zone.ToString(), ["epoch"] = message.Epoch.ToString(CultureInfo.InvariantCulture), ["kind"] = kind,
                ["message"] = Convert.ToHexStringLower(message.Message.Span), ["object_id"] = message.Id.ToString(), ["encodes_to_itself"] = true,
            });
        }

        byte[] small = GroupMessage.Of(zone.Zone, 3, GroupMessageKind.Commit, [1, 2, 3]).Encoded.ToArray();
        cases.Add("mls_message", "another kind", Payload(RecordKind.GroupMessage, Replaced(small, "kind"u8, 2)), OwnVectors.Error(FcpStatus.CborDeserialize));
        cases.Add("mls_message", "no zone", Payload(RecordKind.GroupMessage, Replaced(small, "zone_id"u8, 2)), OwnVectors.Error(FcpStatus.ZoneIdMismatch));
        cases.Add("mls_message", "a byte too few", Payload(RecordKind.GroupMessage, small.AsSpan(0, small.Length - 1)), OwnVectors.Error(FcpStatus.CborDeserialize));
        cases.Add("mls_message", "a byte too much", Payload(RecordKind.GroupMessage, [.. small, 0]), OwnVectors.Error(FcpStatus.TrailingBytes));
    }

    private static void AddOrders(OwnVectors cases)
    {
        byte[] order = HealOrder.Of(TestZone.ZoneOf("z:secret")).Cbor.ToArray();
        cases.Add("heal_order", "an order", Payload(RecordKind.HealOrder, order), new JsonObject { ["zone_id"] = "z:secret" });
        cases.Add("heal_order", "no zone", Payload(RecordKind.HealOrder, Replaced(order, "zone_id"u8, 2)), OwnVectors.Error(FcpStatus.ZoneIdMismatch));
        cases.Add("heal_order", "a byte too much", Payload(RecordKind.HealOrder, [.. order, 0]), OwnVectors.Error(FcpStatus.TrailingBytes));
    }

    private static void AddKeys(OwnVectors cases, CryptoProvider crypto)
    {
        var mls = new MlsCrypto(MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, crypto);
        byte[] secret = new byte[CryptoSizes.KeyBytes];
        new Random(14).NextBytes(secret);
        foreach (string name in (string[])["z:secret", "z:work"])
        {
            ZoneId zone = TestZone.ZoneOf(name);
            using SecretKey exporter = crypto.Vault.Import(secret);
            byte[] hash = new byte[ZoneIdHash.Length], key = new byte[CryptoSizes.KeyBytes], id = new byte[ZoneKeyId.Length];
            zone.ComputeHash().Value.Write(hash);
            KeySchedule.Export(mls, exporter, "FCPFAST-MLS-ZONE-KEY-V1"u8, hash, key); // the labels as [WIRE §14] spells them, not as the product does
            KeySchedule.Export(mls, exporter, "FCPFAST-MLS-ZONE-KEY-ID-V1"u8, hash, id);
            cases.Add("mls_zone_keys", $"the epoch's keys of {name}", new JsonObject { ["exporter_secret"] = Convert.ToHexStringLower(secret), ["zone_id"] = name }, new JsonObject
            {
                ["zone_key"] = Convert.ToHexStringLower(key), ["zone_key_id"] = Convert.ToHexStringLower(id),
            });
        }
    }

    private static JsonObject Payload(RecordKind kind, ReadOnlySpan<byte> cbor) => new() { ["payload"] = Convert.ToHexStringLower(ControlRecord.Of(kind, cbor).Payload.Span) };

    /// <summary>Changes a byte so far behind a key of a map: 1 is its value's head, 2 the first byte of its text.</summary>
    private static byte[] Replaced(byte[] cbor, ReadOnlySpan<byte> key, int behind)
    {
        int at = cbor.AsSpan().IndexOf(key);
        Assert.True(at > 0, "the key is there");
        return OwnVectors.Flip(cbor, at + key.Length + behind - 1);
    }
}
