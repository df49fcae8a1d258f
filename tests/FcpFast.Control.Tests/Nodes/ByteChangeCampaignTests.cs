using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Identities;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>
/// Every changed byte of valid records is refused, and changes no state. FCPFAST_CAMPAIGN=1000 takes as many of each kind. [WIRE §11.5], [WIRE §15]
/// </summary>
/// <remarks>The signer's name and date in a manifest's or list's signature map are not signed: with them changed it says the same, and is told as known.</remarks>
public sealed class ByteChangeCampaignTests
{
    private static readonly int Count = int.TryParse(Environment.GetEnvironmentVariable("FCPFAST_CAMPAIGN"), CultureInfo.InvariantCulture, out int count) ? count : 6;

    [Fact]
    public void Take_AnyChangedByteOfAManifest_IsRefusedWithoutATrace() => Seeded.Run(Count, random =>
    {
        using var test = new TestZone(random.Next());
        using ZoneSecrets keys = ZoneSecrets.Generate(test.Crypto), next = keys.Rotate(test.Crypto, random.Next(2) == 0);
        ZoneState state = test.Accept(test.First(keys), test.Fresh);
        ZoneKeyManifest manifest = test.Author(ManifestDraft.Rotate(state, TestZone.Now).To(random.Next(2) == 0 ? test.Both : test.OnlyOther), next);
        ContentDigest content = ContentDigest.Of(manifest.SigningBytes());
        foreach (byte[] changed in Changes(manifest.Encoded.ToArray(), random))
        {
            using ManifestOutcome outcome = test.Judge(changed, state);
            if (ReferenceEquals(outcome.State, state)) Assert.NotEqual(FcpStatus.Accepted, outcome.Status);
            else Assert.Equal(content, ContentDigest.Of(outcome.Manifest!.SigningBytes())); // an unsigned field: it says the very same
        }
    });

    [Fact]
    public void Take_AnyChangedByteOfAnAttestation_IsRefusedWithoutATrace() => Seeded.Run(Count, random =>
    {
        using var test = new TestZone(random.Next());
        var draft = new AttestationDraft
        {
            Node = test.OtherNode, Keys = test.OtherKeys.Public, Tags = ["tag:a", "tag:b"], IssuedAtUnixSeconds = TestZone.Now - (ulong)random.Next(100),
            ExpiresAtUnixSeconds = TestZone.Now + (ulong)random.Next(1, 10_000), Nonce = random.Next32(),
        };
        Assert.Equal(FcpStatus.Accepted, NodeKeyAttestation.Issue(draft, test.Owner, out NodeKeyAttestation? attestation));
        foreach (byte[] changed in Changes(attestation!.Encoded.ToArray(), random))
        {
            FcpStatus status = AttestationDirectory.Empty.File(changed, test.Owner.PublicKey, TestZone.Now, test.Crypto.Signatures, out AttestationDirectory after);
            Assert.NotEqual(FcpStatus.Accepted, status);
            Assert.Same(AttestationDirectory.Empty, after);
        }
    });

    [Fact]
    public void Take_AnyChangedByteOfARevocationList_IsRefusedWithoutATrace() => Seeded.Run(Count, random =>
    {
        using var test = new TestZone(random.Next());
        RevokedKey[] revoked = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new RevokedKey(new PublicKey(random.Next32()), test.OtherNode, RevocationReason.Lost, TestZone.Now))];
        Assert.Equal(FcpStatus.Accepted, RevocationList.Sign(
            (ulong)random.Next(1, 100), revoked, FreshnessPolicy.None, test.Owner, test.Signer, TestZone.Now, out RevocationList? list));
        ContentDigest content = ContentDigest.Of(list!.SigningBytes());
        foreach (byte[] changed in Changes(list.Encoded.ToArray(), random))
        {
            FcpStatus status = RevocationHistory.Empty.Take(changed, test.Owner.PublicKey, TestZone.Now, test.Crypto.Signatures, out RevocationHistory after);
            if (ReferenceEquals(after, RevocationHistory.Empty)) Assert.NotEqual(FcpStatus.Accepted, status);
            else Assert.Equal(content, ContentDigest.Of(after.InForce!.SigningBytes()));
        }
    });

    /// <summary>The same over a real store: not a bit of any table differs afterwards, nor was anything written meanwhile.</summary>
    [Fact]
    public void Take_AnyChangedByteOfARecordOverARealStore_LeavesEveryTableAsItWas() => Seeded.Run(Math.Max(1, Count / 20), random =>
    {
        using var fleet = new OwnedFleet(random.Next(), ["alice", "bob", "lost"]);
        fleet.CreateZone(null, "alice", "bob");
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(OwnedFleet.Zone, 0, OwnedFleet.Now + 1, out ControlRecord manifest));
        NodeKeyAttestation attestation = fleet.Attest("bob", renews: true, OwnedFleet.Now + 1);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Revoke(TestZone.NodeOf("lost"), RevocationReason.Lost, OwnedFleet.Now + 1, out IReadOnlyList<ControlRecord> revoking));
        ControlRecord[] records =
        [
            manifest, ControlRecord.Of(RecordKind.Attestation, attestation.Encoded.Span), revoking.First(static record => record.Kind == RecordKind.Revocations),
        ];
        NodeState alice = fleet["alice"];
        ulong now = OwnedFleet.Now + 2;
        foreach (ControlRecord record in records)
        {
            Assert.Equal(FcpStatus.Accepted, alice.Take(record, now).Status); // so that a change of what is not signed says what is known
            using var tables = new StoreTables(fleet.FolderOf("alice"));
            byte[] before = tables.Dump();
            foreach (byte[] changed in Changes(record.Cbor.ToArray(), random))
            {
                RecordVerdict verdict = alice.Take(ControlRecord.Of(record.Kind, changed), now);
                Assert.False(verdict.IsNews, $"{record.Kind}: {verdict.Status}");
                Assert.False(tables.HasChanged(), $"{record.Kind}: something was written, {verdict.Status}");
            }

            Assert.Equal(before, tables.Dump());
        }

        using var control = new StoreTables(fleet.FolderOf("alice"));
        byte[] last = control.Dump();
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(OwnedFleet.Zone, 0, now, out ControlRecord next));
        alice.Take(next, now);
        Assert.True(control.HasChanged() && !last.AsSpan().SequenceEqual(control.Dump()), "a record that is accepted must show");
    });

    /// <summary>Each byte, changed to another one.</summary>
    private static IEnumerable<byte[]> Changes(byte[] bytes, Random random)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = (byte[])bytes.Clone();
            changed[i] ^= (byte)random.Next(1, 256);
            yield return changed;
        }
    }
}
