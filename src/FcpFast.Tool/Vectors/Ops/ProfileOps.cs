using System.Collections.Generic;
using System.Text;
using FcpFast.Control.Identities;
using FcpFast.Control.Profiles;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family security_profile. [WIRE §14]</summary>
internal static class ProfileOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["profile"] = inputs => Sign(inputs, crypto);
        ops["profile_accept"] = inputs => Accept(inputs, crypto.Signatures);
    }

    private static VectorResult Sign(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = NodeId.Parse(inputs.Text("signer_node_id"), out NodeId signer);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = ZoneSecurityProfile.ParseMode(Encoding.UTF8.GetBytes(inputs.Text("key_mode")), out KeyMode mode);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var draft = new ProfileDraft
        {
            Zone = zone,
            CreatedAtUnixSeconds = inputs.ULong("created_at"),
            Terms = new SecurityTerms(
                mode, inputs.Flag("require_pcs"), inputs.ULong("max_epoch_secs"), (MacSuite)inputs.Int("min_suite"),
                inputs.Flag("require_ratchet")),
            Revision = inputs.ULong("revision"),
            Coordinator = Coordinator(inputs),
            DowngradeOf = inputs.TryBytes("downgrade_of") is { } digest ? new ManifestDigest(Bytes32.Read(digest)) : null,
        };
        using var owner = new OwnerKey(crypto, crypto.Vault.Import(inputs.Bytes("owner_seed")));
        status = ZoneSecurityProfile.Sign(draft, owner, signer, inputs.ULong("signed_at"), out ZoneSecurityProfile? profile);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Bytes("cbor", profile!.Encoded.Span)
            .Bytes("signing_bytes", profile.SigningBytes())
            .Text("digest", profile.Digest.ToString());
    }

    private static NodeId? Coordinator(VectorInputs inputs)
    {
        if (!inputs.Has("coordinator")) return null;
        NodeId.Parse(inputs.Text("coordinator"), out NodeId coordinator);
        return coordinator;
    }

    private static VectorResult Accept(VectorInputs inputs, ISignatures signatures)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        PublicKey owner = PublicKey.Read(inputs.Bytes("owner_public"));
        ProfileHistory history = ProfileHistory.Empty;
        if (inputs.TryBytes("held") is { } held)
        {
            if (ZoneSecurityProfile.Parse(held, out ZoneSecurityProfile? profile) != FcpStatus.Accepted)
            {
                throw new VectorFormatException("the profile held is none");
            }

            ContentDigest content = ContentDigest.Of(profile!.SigningBytes());
            history = history.With(new HeldProfile(profile.Digest, content, profile.Revision, profile.Terms, profile.Coordinator));
        }

        ProfileOutcome outcome = ProfileAcceptance.Judge(inputs.Bytes("bytes"), zone, owner, history, signatures);
        return outcome.Status == FcpStatus.Accepted
            ? new VectorResult()
                .Text("key_mode", ZoneSecurityProfile.ModeText(outcome.Profile!.Terms.KeyMode))
                .Number64("revision", outcome.Profile.Revision)
            : VectorResult.Refused(outcome.Status);
    }
}
