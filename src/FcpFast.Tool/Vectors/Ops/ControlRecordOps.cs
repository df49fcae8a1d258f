using System.Collections.Generic;
using System.Text;
using FcpFast.Control.Enrolment;
using FcpFast.Control.Evidence;
using FcpFast.Control.Identities;
using FcpFast.Control.Revocations;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family control_records: what WIRE.md leaves to this project, as the README of FcpFast.Control defines it.</summary>
internal static class ControlRecordOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["owner_card"] = inputs => Card(inputs, crypto.Signatures);
        ops["owner_key_file"] = inputs => KeyFile(inputs, crypto);
        ops["enrolment_accept"] = inputs => Enrol(inputs, crypto);
        ops["revocation_accept"] = inputs => Revoke(inputs, crypto.Signatures);
        ops["generation_accept"] = inputs => Generation(inputs, crypto.Signatures);
        ops["evidence_verify"] = inputs => Evidence(inputs, crypto.Signatures);
        ops["stream_notice"] = Notice;
    }

    private static VectorResult Notice(VectorInputs inputs)
    {
        FcpStatus status = StreamNotice.Parse(inputs.Bytes("payload"), out StreamNotice notice);
        return status != FcpStatus.Accepted
            ? VectorResult.Refused(status)
            : new VectorResult().Text("zone_id_hash", notice.Zone.ToString()).Text("zone_key_id", notice.ZoneKeyId.ToString())
                .Number64("sender_instance_id", notice.Instance.Value).Flag("ready", notice.IsReady);
    }

    private static VectorResult Card(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = OwnerCard.Parse(inputs.Bytes("bytes"), signatures, out OwnerCard? card);
        return status != FcpStatus.Accepted
            ? VectorResult.Refused(status)
            : new VectorResult().Text("signing_key", card!.SigningKey.ToString()).Text("agreement_key", card.AgreementKey.ToString());
    }

    private static VectorResult KeyFile(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = OwnerKeyFile.Parse(inputs.Bytes("bytes"), out OwnerKeyFile? file);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        using OwnerKey? key = file!.Open(Encoding.UTF8.GetBytes(inputs.Text("passphrase")), crypto);
        return new VectorResult().Flag("opens", key is not null).Text("owner_key", file.Owner.ToString());
    }

    private static VectorResult Enrol(VectorInputs inputs, CryptoProvider crypto)
    {
        using var owner = new OwnerKey(crypto, crypto.Vault.Import(inputs.Bytes("owner_seed")));
        FcpStatus status = EnrolmentRequest.Judge(inputs.Bytes("bytes"), owner, inputs.ULong("now"), crypto, out EnrolmentRequest? request);
        return status != FcpStatus.Accepted
            ? VectorResult.Refused(status)
            : new VectorResult().Text("node_id", request!.Node.ToString()).Text("signing_key", request.Keys.Signing.ToString());
    }

    private static VectorResult Revoke(VectorInputs inputs, ISignatures signatures)
    {
        PublicKey owner = PublicKey.Read(inputs.Bytes("owner_public"));
        ulong now = inputs.ULong("now");
        RevocationHistory held = RevocationHistory.Empty;
        if (inputs.TryBytes("held") is { } before) held.Take(before, owner, now, signatures, out held);
        FcpStatus status = held.Take(inputs.Bytes("bytes"), owner, now, signatures, out RevocationHistory after);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult().Number64("serial", after.Serial).Flag("revoked", after.IsRevoked(PublicKey.Read(inputs.Bytes("signing_key"))))
            .Text("freshness", FcpStatusNames.NameOf(after.JudgeFreshness(now)));
    }

    private static VectorResult Generation(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = GenerationStatement.Parse(inputs.Bytes("bytes"), out GenerationStatement? statement);
        if (status == FcpStatus.Accepted && !statement!.Verifies(PublicKey.Read(inputs.Bytes("signing_key")), signatures)) status = FcpStatus.InvalidGeneration;
        return status != FcpStatus.Accepted
            ? VectorResult.Refused(status)
            : new VectorResult().Text("node_id", statement!.Node.ToString()).Number64("generation", statement.Generation);
    }

    private static VectorResult Evidence(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = EquivocationEvidence.Verify(inputs.Bytes("bytes"), signatures, out EquivocationEvidence? evidence);
        return status != FcpStatus.Accepted
            ? VectorResult.Refused(status)
            : new VectorResult().Text("zone_id", evidence!.Zone.ToString()).Text("owner_key", evidence.Owner.ToString()).Number("manifests", evidence.Records.Length);
    }
}
