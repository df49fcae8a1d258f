using System;
using System.Globalization;
using System.Text.Json.Nodes;
using FcpFast.Control.Enrolment;
using FcpFast.Control.Evidence;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Revocations;
using FcpFast.Control.Tests.Support;
using FcpFast.Control.Witnesses;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;

namespace FcpFast.Control.Tests.Records;

/// <summary>tests/Vectors/control_records.json.</summary>
public sealed class ControlVectorsTests
{
    private const ulong Now = TestZone.Now;

    [Fact]
    public void Vectors_OfTheRepository_AreThoseOfThisBuild()
    {
        using var test = new TestZone(42);
        var cases = new OwnVectors("control_records");
        AddCards(cases, test);
        AddEnrolments(cases, test);
        AddRevocations(cases, test);
        AddGenerations(cases, test);
        AddEvidence(cases, test);
        AddNotices(cases, test);
        cases.AssertStored();
    }

    private static void AddCards(OwnVectors cases, TestZone test)
    {
        byte[] card = OwnerCard.Make(test.Owner);
        cases.Add("owner_card", "a card", Bytes(card), new JsonObject { ["signing_key"] = test.Owner.PublicKey.ToString(), ["agreement_key"] = test.Owner.AgreementKey.ToString() });
        cases.Add("owner_card", "another agreement key", Bytes(OwnVectors.Flip(card, card.Length - 1)), OwnVectors.Error(FcpStatus.InvalidSignature));
        cases.Add("owner_card", "a byte too much", Bytes([.. card, 0]), OwnVectors.Error(FcpStatus.TrailingBytes));
        byte[] file = OwnerKeyFile.Write(test.Owner, "correct horse"u8, new PasswordCost(3, 64), test.Crypto);
        JsonObject With(string passphrase)
        {
            JsonObject inputs = Bytes(file);
            inputs["passphrase"] = passphrase;
            return inputs;
        }

        cases.Add("owner_key_file", "the passphrase", With("correct horse"), new JsonObject { ["opens"] = true, ["owner_key"] = test.Owner.PublicKey.ToString() });
        cases.Add("owner_key_file", "another passphrase", With("correct mule"), new JsonObject { ["opens"] = false, ["owner_key"] = test.Owner.PublicKey.ToString() });
    }

    private static void AddEnrolments(OwnVectors cases, TestZone test)
    {
        var card = new OwnerCard(test.Owner.PublicKey, test.Owner.AgreementKey);
        Assert.Equal(FcpStatus.Accepted, EnrolmentRequest.Make(test.Node, test.Keys, ["tag:edge"], card, Now, test.Crypto, out byte[] request));
        JsonObject With(byte[] bytes, ulong now)
        {
            JsonObject inputs = Bytes(bytes);
            inputs["owner_seed"] = Convert.ToHexStringLower(TestZone.BytesOf(test.Owner.Seed));
            inputs["now"] = Text(now);
            return inputs;
        }

        cases.Add("enrolment_accept", "a request", With(request, Now), new JsonObject { ["node_id"] = "node-00", ["signing_key"] = test.Keys.Public.Signing.ToString() });
        cases.Add("enrolment_accept", "the proof of another encryption key", With(OwnVectors.Flip(request, request.Length - 1), Now), OwnVectors.Error(FcpStatus.ProofOfPossessionFailed));
        cases.Add("enrolment_accept", "30 days and a second old", With(request, Now + EnrolmentRequest.AgeSecondsMax + 1), OwnVectors.Error(FcpStatus.EnrolmentExpired));
        cases.Add("enrolment_accept", "121 seconds ahead", With(request, Now - 121), OwnVectors.Error(FcpStatus.InvalidEnrolment));
    }

    private static void AddRevocations(OwnVectors cases, TestZone test)
    {
        RevokedKey[] keys = [new RevokedKey(test.OtherKeys.Public.Signing, test.OtherNode, RevocationReason.Lost, Now)];
        byte[] List(ulong serial, RevokedKey[] revoked, FreshnessPolicy freshness)
        {
            Assert.Equal(FcpStatus.Accepted, RevocationList.Sign(serial, revoked, freshness, test.Owner, test.Signer, Now, out RevocationList? list));
            return list!.Encoded.ToArray();
        }

        JsonObject With(byte[] bytes, byte[]? held, ulong now = Now)
        {
            JsonObject inputs = Bytes(bytes);
            inputs["owner_public"] = test.Owner.PublicKey.ToString();
            inputs["signing_key"] = test.OtherKeys.Public.Signing.ToString();
            inputs["now"] = Text(now);
            if (held is not null) inputs["held"] = Convert.ToHexStringLower(held);
            return inputs;
        }

        JsonObject Gives(ulong serial, bool revoked, FcpStatus freshness = FcpStatus.Accepted) =>
            new() { ["serial"] = Text(serial), ["revoked"] = revoked, ["freshness"] = FcpStatusNames.NameOf(freshness) };
        byte[] first = List(1, [], FreshnessPolicy.None), second = List(2, keys, new FreshnessPolicy(3600, true)), rival = List(2, [], FreshnessPolicy.None);
        cases.Add("revocation_accept", "the first", With(first, null), Gives(1, false));
        cases.Add("revocation_accept", "a later one", With(second, first), Gives(2, true));
        cases.Add("revocation_accept", "too old to be relied on", With(second, null, Now + 3601), Gives(2, true, FcpStatus.RevocationStale));
        cases.Add("revocation_accept", "an earlier one", With(first, second), OwnVectors.Error(FcpStatus.RevocationRollback));
        cases.Add("revocation_accept", "the same again", With(second, second), Gives(2, true));
        cases.Add("revocation_accept", "another one of the same serial", With(rival, second), OwnVectors.Error(FcpStatus.RevocationEquivocation));
        cases.Add("revocation_accept", "made 121 seconds ahead", With(first, null, Now - 121), OwnVectors.Error(FcpStatus.InvalidRevocation));
    }

    private static void AddGenerations(OwnVectors cases, TestZone test)
    {
        byte[] statement = GenerationStatement.Sign(test.Node, test.Keys, 7, Now, test.Crypto).Encoded.ToArray();
        JsonObject With(byte[] bytes)
        {
            JsonObject inputs = Bytes(bytes);
            inputs["signing_key"] = test.Keys.Public.Signing.ToString();
            return inputs;
        }

        cases.Add("generation_accept", "a statement", With(statement), new JsonObject { ["node_id"] = "node-00", ["generation"] = "7" });
        cases.Add("generation_accept", "another date", With(OwnVectors.Flip(statement, statement.Length - 1)), OwnVectors.Error(FcpStatus.InvalidGeneration));
    }

    private static void AddEvidence(OwnVectors cases, TestZone test)
    {
        using ZoneSecrets keys = ZoneSecrets.Generate(test.Crypto), one = keys.Rotate(test.Crypto, false), other = keys.Rotate(test.Crypto, false);
        ZoneKeyManifest first = test.First(keys);
        ZoneState state = test.Accept(first, test.Fresh);
        byte[] left = test.Author(ManifestDraft.Rotate(state, Now).To(test.Both), one).Encoded.ToArray();
        byte[] right = test.Author((ManifestDraft.Rotate(state, Now) with { CreatedAtUnixSeconds = Now + 9 }).To(test.Both), other).Encoded.ToArray();
        byte[] Proof(params byte[][] manifests) => EquivocationEvidence.Write(test.Zone, test.Owner.PublicKey, manifests);
        cases.Add("evidence_verify", "two successors of one key", Bytes(Proof(left, right)), new JsonObject
        {
            ["zone_id"] = "z:work", ["owner_key"] = test.Owner.PublicKey.ToString(), ["manifests"] = 2,
        });
        cases.Add("evidence_verify", "a manifest and its successor", Bytes(Proof(first.Encoded.ToArray(), left)), OwnVectors.Error(FcpStatus.InvalidEvidence));
        cases.Add("evidence_verify", "one manifest twice", Bytes(Proof(left, left)), OwnVectors.Error(FcpStatus.InvalidEvidence));
        cases.Add("evidence_verify", "one manifest", Bytes(Proof(left)), OwnVectors.Error(FcpStatus.InvalidEvidence));
        byte[] proof = Proof(left, right);
        cases.Add("evidence_verify", "another owner", Bytes(OwnVectors.Flip(proof, proof.Length - 1)), OwnVectors.Error(FcpStatus.InvalidSignature));
    }

    private static void AddNotices(OwnVectors cases, TestZone test)
    {
        var notice = new StreamNotice(test.Zone.ComputeHash(), new ZoneKeyId(new Bytes8(7)), new SenderInstanceId(ulong.MaxValue), IsReady: false);
        var writer = new CborWriter();
        notice.Write(writer);
        byte[] payload = writer.ToArray();
        JsonObject Of(byte[] bytes) => new() { ["payload"] = Convert.ToHexStringLower(bytes) };
        JsonObject Gives(bool isReady) => new()
        {
            ["zone_id_hash"] = notice.Zone.ToString(), ["zone_key_id"] = notice.ZoneKeyId.ToString(), ["sender_instance_id"] = Text(notice.Instance.Value), ["ready"] = isReady,
        };
        cases.Add("stream_notice", "an announcement", Of(payload), Gives(false));
        (notice with { IsReady = true }).Write(writer.Reset());
        cases.Add("stream_notice", "its answer", Of(writer.ToArray()), Gives(true));
        cases.Add("stream_notice", "a byte too much", Of([.. payload, 0]), OwnVectors.Error(FcpStatus.TrailingBytes));
        cases.Add("stream_notice", "a byte too little", Of(payload[..^1]), OwnVectors.Error(FcpStatus.CborDeserialize));
        cases.Add("stream_notice", "another schema", Of(OwnVectors.Flip(payload, 0)), OwnVectors.Error(FcpStatus.SchemaMismatch));
    }

    private static JsonObject Bytes(byte[] bytes) => new() { ["bytes"] = Convert.ToHexStringLower(bytes) };

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
