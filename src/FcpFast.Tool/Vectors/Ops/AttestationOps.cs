using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family attestation. [WIRE §15]</summary>
internal static class AttestationOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["attestation"] = inputs => Issue(inputs, crypto);
        ops["attestation_accept"] = inputs => Accept(inputs, crypto.Signatures);
    }

    private static VectorResult Issue(VectorInputs inputs, CryptoProvider crypto)
    {
        if (NodeId.Parse(inputs.Text("node_id"), out NodeId node) != FcpStatus.Accepted) return VectorResult.Refused(FcpStatus.InvalidAttestation);
        var draft = new AttestationDraft
        {
            Node = node,
            Keys = new NodePublicKeys(
                PublicKey.Read(inputs.Bytes("signing_key")), PublicKey.Read(inputs.Bytes("encryption_key")),
                PublicKey.Read(inputs.Bytes("issuance_key"))),
            Tags = inputs.TryGet("tags", out JsonElement tags) ? [.. tags.EnumerateArray().Select(static tag => tag.GetString()!)] : [],
            IssuedAtUnixSeconds = inputs.ULong("issued_at"),
            ExpiresAtUnixSeconds = inputs.ULong("expires_at"),
            Nonce = Bytes32.Read(inputs.Bytes("nonce")),
        };
        using var owner = new OwnerKey(crypto, crypto.Vault.Import(inputs.Bytes("owner_seed")));
        FcpStatus status = NodeKeyAttestation.Issue(draft, owner, out NodeKeyAttestation? attestation);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Bytes("cbor", attestation!.Encoded.Span)
            .Bytes("payload", attestation.SigningBytes())
            .Bytes("full_payload", attestation.FullSigningBytes());
    }

    private static VectorResult Accept(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = AttestationAcceptance.Judge(
            inputs.Bytes("bytes"), PublicKey.Read(inputs.Bytes("owner_public")), inputs.ULong("now"), signatures,
            out NodeKeyAttestation? attestation);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Text("node_id", attestation!.Node.ToString())
            .Text("signing_kid", attestation.Keys.SigningKeyId.ToString())
            .Text("encryption_kid", attestation.Keys.EncryptionKeyId.ToString())
            .Text("issuance_kid", attestation.Keys.IssuanceKeyId.ToString());
    }
}
