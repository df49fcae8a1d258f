using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family zone_key_manifest. [WIRE §11], [WIRE §12.2]</summary>
internal static class ManifestOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["algorithm_text"] = AlgorithmText;
        ops["rekey_policy"] = Policy;
        ops["rekey_policy_decode"] = PolicyDecode;
        ops["object_header"] = Header;
        ops["manifest"] = inputs => Author(inputs, crypto);
        ops["manifest_accept"] = inputs => Accept(inputs, crypto);
        ops["manifest_history"] = History;
    }

    private static VectorResult AlgorithmText(VectorInputs inputs)
    {
        FcpStatus status = ManifestAlgorithm.Parse(Encoding.UTF8.GetBytes(inputs.Text("text")), out AeadAlgorithm algorithm);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult().Text("algorithm", algorithm == AeadAlgorithm.ChaCha20Poly1305 ? "chacha20poly1305" : "xchacha20poly1305");
    }

    private static VectorResult Policy(VectorInputs inputs)
    {
        RekeyPolicy policy = ReadPolicy(inputs);
        if (!policy.IsValid) return VectorResult.Refused(FcpStatus.InvalidRekeyPolicy);
        var writer = new CborWriter();
        policy.Write(writer);
        return new VectorResult().Bytes("cbor", writer.Written);
    }

    private static VectorResult PolicyDecode(VectorInputs inputs)
    {
        FcpStatus status = RekeyPolicy.Parse(inputs.Bytes("bytes"), out RekeyPolicy? policy);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var result = new VectorResult()
            .Flag("epoch_ratchet", policy!.EpochRatchet)
            .Flag("rewrap_on_membership_change", policy.RewrapOnMembershipChange)
            .Flag("rotate_object_id_key_on_membership_change", policy.RotateObjectIdKeyOnMembershipChange);
        if (policy.OverlapWindowSeconds is { } overlap) result.Number64("overlap_window_secs", overlap);
        if (policy.RetainEpochs is { } retained) result.Number("retain_epochs", retained);
        return result;
    }

    private static VectorResult Header(VectorInputs inputs)
    {
        FcpStatus status = SchemaId.Parse(inputs.Text("schema"), out SchemaId? schema);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var header = new ObjectHeader { Schema = schema!, Zone = Zone(inputs), CreatedAtUnixSeconds = inputs.ULong("created_at") };
        var writer = new CborWriter();
        header.Write(writer);
        return new VectorResult().Bytes("cbor", writer.Written);
    }

    private static VectorResult Author(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = ManifestAlgorithm.Parse(Encoding.UTF8.GetBytes(inputs.Text("algorithm")), out AeadAlgorithm algorithm);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        VectorInputs[] recipients = inputs.Objects("recipients");
        IEnumerable<byte[]> draws = recipients.Select(static recipient => recipient.Bytes("eph_ikm_zone"))
            .Concat(recipients.Select(static recipient => recipient.Bytes("eph_ikm_object")));
        var draft = new ManifestDraft
        {
            Zone = Zone(inputs),
            CreatedAtUnixSeconds = inputs.ULong("created_at"),
            Algorithm = algorithm,
            ValidFromUnixSeconds = inputs.ULong("valid_from"),
            ValidUntilUnixSeconds = inputs.TryULong("valid_until"),
            PreviousZoneKeyId = inputs.TryBytes("prev_zone_key_id") is { } previous ? new ZoneKeyId(Bytes8.Read(previous)) : null,
            RekeyPolicy = inputs.Has("rekey_policy") ? ReadPolicy(inputs.Object("rekey_policy")) : null,
            Recipients = [.. recipients.Select(recipient => Recipient(recipient, crypto.KeyExchange))],
        };
        using var keys = new ZoneSecrets(
            new ZoneKeyId(Bytes8.Read(inputs.Bytes("zone_key_id"))), crypto.Vault.Import(inputs.Bytes("zone_key")),
            new ObjectIdKeyId(Bytes8.Read(inputs.Bytes("object_id_key_id"))), crypto.Vault.Import(inputs.Bytes("object_id_key")));
        using var owner = new OwnerKey(crypto, crypto.Vault.Import(inputs.Bytes("owner_seed")));
        status = ManifestAuthor.Author(
            draft, keys, owner, Node(inputs, "signer_node_id"), inputs.ULong("signed_at"),
            crypto with { Random = new ScriptedRandom(draws) }, out ZoneKeyManifest? manifest);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Bytes("cbor", manifest!.Encoded.Span)
            .Bytes("signature", manifest.Signature.Bytes.Span)
            .Text("digest", manifest.Digest.ToString())
            .Bytes("signing_bytes", manifest.SigningBytes())
            .Text("owner_public", owner.PublicKey.ToString());
    }

    private static VectorResult Accept(VectorInputs inputs, CryptoProvider crypto)
    {
        var state = new ZoneState { Zone = Zone(inputs), Owner = PublicKey.Read(inputs.Bytes("owner_public")) };
        using SecretKey secret = crypto.Vault.Import(inputs.Bytes("node_secret"));
        var recipient = new RecipientKeys(Node(inputs, "node_id"), secret);
        using ManifestOutcome outcome = ManifestAcceptance.Judge(inputs.Bytes("bytes"), state, recipient, inputs.ULong("now"), crypto);
        if (outcome.Status != FcpStatus.Accepted) return VectorResult.Refused(outcome.Status);
        using KeyLease zoneKey = outcome.Keys!.ZoneKey.Lease(), objectIdKey = outcome.Keys.ObjectIdKey.Lease();
        return new VectorResult()
            .Bytes("zone_key", zoneKey.Bytes)
            .Bytes("object_id_key", objectIdKey.Bytes)
            .Text("zone_key_id", outcome.Keys.ZoneKeyId.ToString());
    }

    private static VectorResult History(VectorInputs inputs)
    {
        ManifestHistory history = ManifestHistory.Empty;
        var verdicts = new JsonArray();
        foreach (VectorInputs manifest in inputs.Objects("manifests"))
        {
            var digest = Bytes32.Read(manifest.Bytes("digest"));
            var record = new ManifestRecord
            {
                Digest = new ManifestDigest(digest),
                Content = new ContentDigest(digest),
                Order = new ManifestOrder(manifest.ULong("valid_from"), manifest.ULong("created_at")),
                ZoneKeyId = new ZoneKeyId(Bytes8.Read(manifest.Bytes("zone_key_id"))),
                PreviousZoneKeyId = manifest.TryBytes("prev") is { } previous ? new ZoneKeyId(Bytes8.Read(previous)) : null,
            };
            HistoryVerdict verdict = history.Judge(record, Named(manifest));
            bool accepted = verdict.Status == FcpStatus.Accepted;
            history = accepted && !verdict.IsKnown ? verdict.After.Append(record) : verdict.After;
            verdicts.Add((JsonNode)(accepted ? "accepted" : FcpStatusNames.NameOf(verdict.Status)));
        }

        return new VectorResult().Node("verdicts", verdicts).Node("active", history.Current?.ZoneKeyId.ToString());
    }

    private static Bytes32[] Named(VectorInputs manifest) => manifest.TryGet("foreign_refs", out JsonElement digests)
        ? [.. digests.EnumerateArray().Select(static digest => Bytes32.Read(VectorInputs.ParseBytes(digest)))]
        : [];

    private static RekeyPolicy ReadPolicy(VectorInputs inputs) => new()
    {
        EpochRatchet = inputs.Flag("epoch_ratchet"),
        OverlapWindowSeconds = inputs.TryULong("overlap_window_secs"),
        RetainEpochs = inputs.Has("retain_epochs") ? inputs.UInt("retain_epochs") : null,
        RewrapOnMembershipChange = inputs.Flag("rewrap_on_membership_change"),
        RotateObjectIdKeyOnMembershipChange = inputs.Flag("rotate_object_id_key_on_membership_change"),
    };

    private static ManifestRecipient Recipient(VectorInputs recipient, IKeyExchange exchange)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes];
        exchange.DerivePublicKey(recipient.Bytes("secret"), key);
        return new ManifestRecipient(Node(recipient, "node_id"), PublicKey.Read(key), recipient.ULong("issued_at"));
    }

    private static ZoneId Zone(VectorInputs inputs) => ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone) == FcpStatus.Accepted
        ? zone
        : throw new VectorFormatException("zone_id is no zone");

    private static NodeId Node(VectorInputs inputs, string name) => NodeId.Parse(inputs.Text(name), out NodeId node) == FcpStatus.Accepted
        ? node
        : throw new VectorFormatException($"{name} is no node id");
}
