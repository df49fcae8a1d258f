using System;
using System.Collections.Generic;
using System.Text;
using FcpFast.Control.Groups;
using FcpFast.Control.Records;
using FcpFast.Mls;
using FcpFast.Mls.Crypto;
using FcpFast.Mls.Schedule;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family group_records: the records of MLS zones as they travel, and what a zone takes from an epoch.</summary>
/// <remarks>Source: [WIRE §14].</remarks>
internal static class GroupRecordOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["membership_grant"] = inputs => Grant(inputs, crypto.Signatures);
        ops["mls_message"] = Message;
        ops["heal_order"] = Order;
        ops["mls_zone_keys"] = inputs => Keys(inputs, crypto);
    }

    private static VectorResult Grant(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = Open(inputs, RecordKind.MembershipGrant, out ControlRecord record);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = MembershipGrant.Parse(record.Cbor.Span, out MembershipGrant? grant);
        if (status == FcpStatus.Accepted && !grant!.IsOf(PublicKey.Read(inputs.Bytes("owner_public")), signatures)) status = FcpStatus.InvalidSignature;
        return status != FcpStatus.Accepted
            ? VectorResult.Refused(status)
            : new VectorResult().Text("zone_id", grant!.Zone.ToString()).Text("action", grant.Action == MembershipAction.Add ? "add" : "remove")
                .Text("node_id", grant.Node.ToString()).Number64("serial", grant.Serial);
    }

    private static VectorResult Message(VectorInputs inputs)
    {
        FcpStatus status = Open(inputs, RecordKind.GroupMessage, out ControlRecord record);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = GroupMessage.Parse(record.Cbor.Span, out GroupMessage? message);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        bool isSame = GroupMessage.Of(message!.Zone, message.Epoch, message.Kind, message.Message.Span).Encoded.Span.SequenceEqual(record.Cbor.Span);
        return new VectorResult().Text("zone_id", message.Zone.ToString()).Number64("epoch", message.Epoch).Text("kind", KindOf(message.Kind))
            .Bytes("message", message.Message.Span).Text("object_id", message.Id.ToString()).Flag("encodes_to_itself", isSame);
    }

    private static VectorResult Order(VectorInputs inputs)
    {
        FcpStatus status = Open(inputs, RecordKind.HealOrder, out ControlRecord record);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = HealOrder.Parse(record.Cbor.Span, out ZoneId zone);
        return status != FcpStatus.Accepted ? VectorResult.Refused(status) : new VectorResult().Text("zone_id", zone.ToString());
    }

    private static VectorResult Keys(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = ZoneId.Parse(Encoding.UTF8.GetBytes(inputs.Text("zone_id")), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var mls = new MlsCrypto(MlsCipherSuite.X25519ChaCha20Poly1305Sha256Ed25519, crypto);
        using SecretKey exporter = crypto.Vault.Import(inputs.Bytes("exporter_secret"));
        Span<byte> key = stackalloc byte[CryptoSizes.KeyBytes];
        void Export(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output) => KeySchedule.Export(mls, exporter, label, context, output);
        EpochExports.KeyOf(zone, Export, key);
        return new VectorResult().Bytes("zone_key", key).Text("zone_key_id", EpochExports.IdOf(zone, Export).ToString());
    }

    /// <summary>A payload, if it is of that kind.</summary>
    private static FcpStatus Open(VectorInputs inputs, RecordKind kind, out ControlRecord record)
    {
        FcpStatus status = ControlRecord.Parse(inputs.Bytes("payload"), out record);
        return status != FcpStatus.Accepted || record.Kind == kind ? status : FcpStatus.SchemaMismatch;
    }

    private static string KindOf(GroupMessageKind kind) => kind switch
    {
        GroupMessageKind.KeyPackage => "key_package",
        GroupMessageKind.Proposal => "proposal",
        GroupMessageKind.Commit => "commit",
        _ => "welcome",
    };
}
