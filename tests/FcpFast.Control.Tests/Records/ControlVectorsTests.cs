using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
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

/// <summary>
/// tests/Vectors/control_records.json is what this build makes; FCPFAST_REWRITE_VECTORS=1 writes it anew. <c>fcpfast vectors check</c> judges it from its bytes.
/// </summary>
public sealed class ControlVectorsTests
{
    private const ulong Now = TestZone.Now;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Vectors_OfTheRepository_AreThoseOfThisBuild()
    {
        string made = Make();
        string path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "Vectors", "control_records.json");
        if (Environment.GetEnvironmentVariable("FCPFAST_REWRITE_VECTORS") == "1") File.WriteAllText(path, made);
        Assert.Equal(File.ReadAllText(path), made);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string Make()
    {
        using var test = new TestZone(42);
        var cases = new List<JsonObject>();
        AddCards(cases, test);
        AddEnrolments(cases, test);
        AddRevocations(cases, test);
        AddGenerations(cases, test);
        AddEvidence(cases, test);
        AddNotices(cases, test);
        IEnumerable<string> lines = cases.Select(static one => one.ToJsonString(Plain));
        return "{\"family\": \"control_records\", \"origin\": \"ours\", \"cases\": [\n" + string.Join(",\n", lines) + "\n]}\n";
    }

    private static void AddCards(List<JsonObject> cases, TestZone test)
    {
        byte[] card = OwnerCard.Make(test.Owner);
        Add(cases, "owner_card", "a card", Bytes(card), new JsonObject { ["signing_key"] = test.Owner.PublicKey.ToString(), ["agreement_key"] = test.Owner.AgreementKey.ToString() });
        Add(cases, "owner_card", "another agreement key", Bytes(Flip(card, card.Length - 1)), Error(FcpStatus.InvalidSignature));
        Add(cases, "owner_card", "a byte too much", Bytes([.. card, 0]), Error(FcpStatus.TrailingBytes));
        byte[] file = OwnerKeyFile.Write(test.Owner, "correct horse"u8, new PasswordCost(3, 64), test.Crypto);
        JsonObject With(string passphrase)
        {
            JsonObject inputs = Bytes(file);
            inputs["passphrase"] = passphrase;
            return inputs;
        }

        Add(cases, "owner_key_file", "the passphrase", With("correct horse"), new JsonObject { ["opens"] = true, ["owner_key"] = test.Owner.PublicKey.ToString() });
        Add(cases, "owner_key_file", "another passphrase", With("correct mule"), new JsonObject { ["opens"] = false, ["owner_key"] = test.Owner.PublicKey.ToString() });
    }

    private static void AddEnrolments(List<JsonObject> cases, TestZone test)
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

        Add(cases, "enrolment_accept", "a request", With(request, Now), new JsonObject { ["node_id"] = "node-00", ["signing_key"] = test.Keys.Public.Signing.ToString() });
        Add(cases, "enrolment_accept", "the proof of another encryption key", With(Flip(request, request.Length - 1), Now), Error(FcpStatus.ProofOfPossessionFailed));
        Add(cases, "enrolment_accept", "30 days and a second old", With(request, Now + EnrolmentRequest.AgeSecondsMax + 1), Error(FcpStatus.EnrolmentExpired));
        Add(cases, "enrolment_accept", "121 seconds ahead", With(request, Now - 121), Error(FcpStatus.InvalidEnrolment));
    }

    private static void AddRevocations(List<JsonObject> cases, TestZone test)
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
        Add(cases, "revocation_accept", "the first", With(first, null), Gives(1, false));
        Add(cases, "revocation_accept", "a later one", With(second, first), Gives(2, true));
        Add(cases, "revocation_accept", "too old to be relied on", With(second, null, Now + 3601), Gives(2, true, FcpStatus.RevocationStale));
        Add(cases, "revocation_accept", "an earlier one", With(first, second), Error(FcpStatus.RevocationRollback));
        Add(cases, "revocation_accept", "the same again", With(second, second), Gives(2, true));
        Add(cases, "revocation_accept", "another one of the same serial", With(rival, second), Error(FcpStatus.RevocationEquivocation));
        Add(cases, "revocation_accept", "made 121 seconds ahead", With(first, null, Now - 121), Error(FcpStatus.InvalidRevocation));
    }

    private static void AddGenerations(List<JsonObject> cases, TestZone test)
    {
        byte[] statement = GenerationStatement.Sign(test.Node, test.Keys, 7, Now, test.Crypto).Encoded.ToArray();
        JsonObject With(byte[] bytes)
        {
            JsonObject inputs = Bytes(bytes);
            inputs["signing_key"] = test.Keys.Public.Signing.ToString();
            return inputs;
        }

        Add(cases, "generation_accept", "a statement", With(statement), new JsonObject { ["node_id"] = "node-00", ["generation"] = "7" });
        Add(cases, "generation_accept", "another date", With(Flip(statement, statement.Length - 1)), Error(FcpStatus.InvalidGeneration));
    }

    private static void AddEvidence(List<JsonObject> cases, TestZone test)
    {
        using ZoneSecrets keys = ZoneSecrets.Generate(test.Crypto), one = keys.Rotate(test.Crypto, false), other = keys.Rotate(test.Crypto, false);
        ZoneKeyManifest first = test.First(keys);
        ZoneState state = test.Accept(first, test.Fresh);
        byte[] left = test.Author(ManifestDraft.Rotate(state, Now).To(test.Both), one).Encoded.ToArray();
        byte[] right = test.Author((ManifestDraft.Rotate(state, Now) with { CreatedAtUnixSeconds = Now + 9 }).To(test.Both), other).Encoded.ToArray();
        byte[] Proof(params byte[][] manifests) => EquivocationEvidence.Write(test.Zone, test.Owner.PublicKey, manifests);
        Add(cases, "evidence_verify", "two successors of one key", Bytes(Proof(left, right)), new JsonObject
        {
            ["zone_id"] = "z:work", ["owner_key"] = test.Owner.PublicKey.ToString(), ["manifests"] = 2,
        });
        Add(cases, "evidence_verify", "a manifest and its successor", Bytes(Proof(first.Encoded.ToArray(), left)), Error(FcpStatus.InvalidEvidence));
        Add(cases, "evidence_verify", "one manifest twice", Bytes(Proof(left, left)), Error(FcpStatus.InvalidEvidence));
        Add(cases, "evidence_verify", "one manifest", Bytes(Proof(left)), Error(FcpStatus.InvalidEvidence));
        byte[] proof = Proof(left, right);
        Add(cases, "evidence_verify", "another owner", Bytes(Flip(proof, proof.Length - 1)), Error(FcpStatus.InvalidSignature));
    }

    private static void AddNotices(List<JsonObject> cases, TestZone test)
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
        Add(cases, "stream_notice", "an announcement", Of(payload), Gives(false));
        (notice with { IsReady = true }).Write(writer.Reset());
        Add(cases, "stream_notice", "its answer", Of(writer.ToArray()), Gives(true));
        Add(cases, "stream_notice", "a byte too much", Of([.. payload, 0]), Error(FcpStatus.TrailingBytes));
        Add(cases, "stream_notice", "a byte too little", Of(payload[..^1]), Error(FcpStatus.CborDeserialize));
        Add(cases, "stream_notice", "another schema", Of(Flip(payload, 0)), Error(FcpStatus.SchemaMismatch));
    }

    private static void Add(List<JsonObject> cases, string op, string name, JsonObject inputs, JsonObject expected) => cases.Add(new JsonObject
    {
        ["family"] = "control_records", ["name"] = $"{cases.Count} {name}", ["op"] = op, ["inputs"] = inputs, ["expected"] = expected,
    });

    private static JsonObject Bytes(byte[] bytes) => new() { ["bytes"] = Convert.ToHexStringLower(bytes) };

    private static JsonObject Error(FcpStatus status) => new() { ["error"] = FcpStatusNames.NameOf(status) };

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] flipped = (byte[])bytes.Clone();
        flipped[at] ^= 1;
        return flipped;
    }
}
