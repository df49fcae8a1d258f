using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Attestations;
using FcpFast.Control.Evidence;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Owners;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>An owner and its nodes over real stores. [WIRE §11.5], [WIRE §12], [WIRE §13], [REPLAY §5.2], [REPLAY §5.5]</summary>
public sealed class NodeStateTests
{
    private const ulong Now = TestZone.Now;
    private static readonly ZoneId Zone = OwnedFleet.Zone;

    [Fact]
    public void Take_AZoneAndItsRotation_TurnsTheKeysOfEveryMember()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        ZoneKeyId first = ActiveOf(fleet, "alice", Now);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now, out ControlRecord manifest));
        fleet.Carry([manifest]);
        Assert.Equal(first, ActiveOf(fleet, "bob", Now + 4));
        ZoneKeyId second = ActiveOf(fleet, "bob", Now + 5);
        Assert.NotEqual(first, second);
        Assert.Equal(second, ActiveOf(fleet, "alice", Now + 5));
        Assert.Equal(ObjectIdKeyOf(fleet, "alice"), ObjectIdKeyOf(fleet, "bob"));
    }

    [Fact]
    public void Take_ThenKilled_GoesOnWithTheSameKeys()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        ZoneKeyId first = ActiveOf(fleet, "alice", Now);
        byte[] key = KeyOf(fleet, "alice", first);
        string before = fleet.Stored("alice");
        fleet.Restart("alice");
        Assert.Equal(before, fleet.Stored("alice"));
        Assert.Equal(first, ActiveOf(fleet, "alice", Now));
        Assert.Equal(key, KeyOf(fleet, "alice", first));
        fleet.RestartOwner();
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Add(Zone, TestZone.NodeOf("bob"), readsPast: true, Now + 1, out ControlRecord rewrap));
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(rewrap, Now + 1).Status); // the owner still has the key
        Assert.Equal(first, fleet["alice"].Zones[Zone].State.Current!.ZoneKeyId);
    }

    [Fact]
    public void Remove_AMember_GivesItNeitherKey()
    {
        using var fleet = new OwnedFleet("alice", "bob", "carol");
        fleet.CreateZone(null, "alice", "bob", "carol");
        ObjectIdKeyId objectIds = ObjectIdKeyOf(fleet, "alice");
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Remove(Zone, TestZone.NodeOf("carol"), Now + 1, out ControlRecord manifest));
        Assert.Equal(FcpStatus.MissingWrappedZoneKey, fleet["carol"].Take(manifest, Now + 1).Status);
        fleet.Carry([manifest], Now + 1);
        ZoneKeyId next = ActiveOf(fleet, "alice", Now + 1);
        Assert.Null(fleet["carol"].Zones[Zone].Ring.Find(next));
        Assert.NotEqual(objectIds, ObjectIdKeyOf(fleet, "alice"));
        Assert.Null(fleet["carol"].Zones[Zone].Ring.FindObjectIdKey(ObjectIdKeyOf(fleet, "alice")));
        fleet["carol"].Tick(At(Now + 1));
        Assert.Null(fleet["carol"].Zones[Zone].Ring.Active); // what it still has seals no more
    }

    [Fact]
    public void Remove_WithoutTheObjectIdPolicy_KeepsObjectIds()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(ZoneTerms.Default with { Policy = new RekeyPolicy { RewrapOnMembershipChange = true } }, "alice", "bob");
        ObjectIdKeyId objectIds = ObjectIdKeyOf(fleet, "alice");
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Remove(Zone, TestZone.NodeOf("bob"), Now + 1, out ControlRecord manifest));
        fleet.Carry([manifest], Now + 1);
        Assert.Equal(objectIds, ObjectIdKeyOf(fleet, "alice"));
    }

    [Fact]
    public void Take_AfterTenRotationsAndARemoval_CatchesUpThroughLinks()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        var made = new List<ControlRecord>();
        ulong now = Now;
        for (int i = 0; i < 10; i++)
        {
            FcpStatus status = i switch
            {
                4 => fleet.Owner.Remove(Zone, TestZone.NodeOf("bob"), now += 10, out ControlRecord removal) == FcpStatus.Accepted ? Keep(made, removal) : FcpStatus.Undecided,
                8 => fleet.Owner.Add(Zone, TestZone.NodeOf("bob"), readsPast: false, now += 10, out ControlRecord addition) == FcpStatus.Accepted ? Keep(made, addition) : FcpStatus.Undecided,
                _ => fleet.Owner.Rotate(Zone, 5, now += 10, out ControlRecord rotation) == FcpStatus.Accepted ? Keep(made, rotation) : FcpStatus.Undecided,
            };
            Assert.Equal(FcpStatus.Accepted, status);
        }

        foreach (ControlRecord record in made) fleet["alice"].Take(record, now);
        RecordVerdict gap = fleet["bob"].Take(made[^1], now);
        Assert.Equal(FcpStatus.ManifestGap, gap.Status);
        Assert.True(gap.IsBehind);
        IReadOnlyList<ControlRecord> answer = fleet["alice"].Answer(fleet["bob"].AskForManifests(Zone));
        Assert.Equal(made.Count, answer.Count);
        foreach (ControlRecord record in answer) fleet["bob"].Take(record, now);
        Assert.Equal(ActiveOf(fleet, "alice", now + 5), ActiveOf(fleet, "bob", now + 5));
    }

    [Fact]
    public void Take_WhatIsRefused_LeavesTheStoreAsItWas()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        using var strangers = new OwnedFleet(6, ["alice", "bob"]);
        fleet.CreateZone(ZoneTerms.Default with { Security = SecurityTerms.Default with { RequireRatchet = true, MinSuite = MacSuite.Blake3 }, Policy = new RekeyPolicy { EpochRatchet = true } }, "alice", "bob");
        ControlRecord profile = fleet["bob"].Answer(new ManifestRequest(Zone, null)).First(static record => record.Kind == RecordKind.Profile);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now, out ControlRecord rotation));
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now, out ControlRecord beyond));
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.SetProfile(Zone, SecurityTerms.Default, allowsDowngrade: true, Now, out ControlRecord weaker));
        Assert.Equal(FcpStatus.Downgrade, fleet.Owner.SetProfile(Zone, SecurityTerms.Default with { MaxEpochSeconds = 90_000 }, allowsDowngrade: false, Now, out _));
        string before = fleet.Stored("alice");
        Assert.Equal(FcpStatus.InvalidSignature, fleet["alice"].Take(Rotated(strangers), Now).Status);
        Assert.Equal(FcpStatus.ManifestGap, fleet["alice"].Take(beyond, Now).Status);
        Assert.Equal(FcpStatus.NotYetValid, fleet["alice"].Take(rotation, Now - 1000).Status);
        Assert.Equal(FcpStatus.TrailingBytes, fleet["alice"].Take(ControlRecord.Of(RecordKind.Manifest, [.. rotation.Cbor.Span, 0]), Now).Status);
        Assert.Equal(FcpStatus.UnknownSchema, fleet["alice"].Take(ControlRecord.Of(RecordKind.OwnerCard, rotation.Cbor.Span), Now).Status);
        Assert.Equal(FcpStatus.InvalidAttestation, fleet["alice"].Take(strangers["bob"].Export(Now)[0], Now).Status);
        Assert.Equal(before, fleet.Stored("alice"));
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(rotation, Now).Status);
        string after = fleet.Stored("alice");
        Assert.NotEqual(before, after);
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(rotation, Now + 9).Status); // known, so nothing changes
        Assert.Equal(after, fleet.Stored("alice"));
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(weaker, Now).Status); // the owner says so explicitly
        Assert.Equal(FcpStatus.ProfileRollback, fleet["alice"].Take(profile, Now).Status);
    }

    [Fact]
    public void Take_TwoManifestsForOneSlot_KeepsTheLastGoodKeyAndProvesItToAnybody()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        ZoneKeyId good = ActiveOf(fleet, "alice", Now);
        (ControlRecord one, ControlRecord other) = Equivocate(fleet);
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(one, Now + 1).Status);
        RecordVerdict verdict = fleet["alice"].Take(other, Now + 2);
        Assert.Equal(FcpStatus.ManifestEquivocation, verdict.Status);
        Assert.Equal(NodeAlarmKind.Equivocation, verdict.Alarm);
        Assert.Equal(good, ActiveOf(fleet, "alice", Now + 10));
        Assert.Contains(fleet["alice"].Alarms(Now + 2), static alarm => alarm.Kind == NodeAlarmKind.Equivocation);
        fleet.Restart("alice");
        Assert.Equal(good, ActiveOf(fleet, "alice", Now + 10));
        ControlRecord proof = fleet["alice"].ExportEvidence(Zone)!.Value;
        Assert.Equal(FcpStatus.Accepted, EquivocationEvidence.Verify(proof.Cbor.Span, fleet.Crypto.Signatures, out EquivocationEvidence? evidence));
        Assert.Equal(fleet.Owner.Key.PublicKey, evidence!.Owner);
        Assert.Equal(2, evidence.Records.Length);
        Assert.Null(fleet["bob"].ExportEvidence(Zone));
        Assert.Equal(FcpStatus.ManifestEquivocation, fleet["alice"].Take(one, Now + 3).Status); // neither is used from now on
    }

    [Fact]
    public void Take_ARevocation_RefusesTheNodeFromThenOn()
    {
        using var fleet = new OwnedFleet("alice", "bob", "carol");
        fleet.CreateZone(null, "alice", "bob", "carol");
        NodeKeyAttestation carol = fleet["alice"].Attestations.Nodes[TestZone.NodeOf("carol")];
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].IdentityOf(carol, Now).Attestation);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Revoke(TestZone.NodeOf("carol"), RevocationReason.Compromised, Now + 1, out IReadOnlyList<ControlRecord> records));
        Assert.Equal([RecordKind.Revocations, RecordKind.Manifest], records.Select(static record => record.Kind));
        RecordVerdict verdict = fleet["alice"].Take(records[0], Now + 1);
        Assert.True(verdict is { ChangesPeers: true, IsNews: true });
        Assert.Equal(FcpStatus.AttestationRevoked, fleet["alice"].IdentityOf(carol, Now + 1).Attestation);
        Assert.Equal(NodeAlarmKind.OwnKeysReplaced, fleet["carol"].Take(records[0], Now + 1).Alarm);
        fleet.Restart("alice");
        Assert.Equal(FcpStatus.AttestationRevoked, fleet["alice"].IdentityOf(carol, Now + 1).Attestation);
        Assert.DoesNotContain(fleet["alice"].Export(Now), record => record.Cbor.Span.SequenceEqual(carol.Encoded.Span));
        Assert.Equal(FcpStatus.Accepted, fleet["carol"].Request([], false, Now + 2, out ControlRecord request));
        Assert.Equal(FcpStatus.AttestationRevoked, fleet.Owner.Attest(request.Cbor.Span, null, 3600, Now + 2, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Take_AListWithAnAge_IsHonouredAsItsOwnerSaysUntilANewerOneComes(bool refuses)
    {
        using var fleet = new OwnedFleet("alice", "bob");
        NodeKeyAttestation bob = fleet["alice"].Attestations.Nodes[TestZone.NodeOf("bob")];
        Assert.Equal(FcpStatus.InvalidRevocation, fleet.Owner.Refresh(new FreshnessPolicy(3599, refuses), Now, out _));
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Refresh(new FreshnessPolicy(3600, refuses), Now, out ControlRecord list));
        RecordVerdict verdict = fleet["alice"].Take(list, Now);
        Assert.True(verdict.IsNews && verdict.ChangesPeers);
        fleet.Restart("alice");
        Judge(3600, isStale: false);
        Judge(3601, isStale: true);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Refresh(null, Now + 3700, out ControlRecord newer)); // the policy stays
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(newer, Now + 3700).Status);
        Judge(3701, isStale: false);
        Judge(7301, isStale: true);
        Assert.Equal(FcpStatus.RevocationRollback, fleet["alice"].Take(list, Now + 3700).Status);

        void Judge(ulong after, bool isStale)
        {
            Assert.Equal(refuses && isStale ? FcpStatus.RevocationStale : FcpStatus.Accepted, fleet["alice"].IdentityOf(bob, Now + after).Attestation);
            Assert.Equal(isStale, fleet["alice"].Alarms(Now + after).Any(static alarm => alarm.Kind == NodeAlarmKind.RevocationsStale));
        }
    }

    [Fact]
    public void Refresh_AfterRevocations_KeepsThem()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Revoke(TestZone.NodeOf("bob"), RevocationReason.Lost, Now, out IReadOnlyList<ControlRecord> records));
        fleet.RestartOwner();
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Refresh(new FreshnessPolicy(86_400, true), Now + 5, out ControlRecord refreshed));
        fleet.Carry([.. records, refreshed], Now + 5);
        Assert.Equal((2UL, true), (fleet["alice"].Revocations.Serial, fleet["alice"].Revocations.InForce!.Freshness.RefusesWhenStale));
        Assert.Equal(TestZone.NodeOf("bob"), Assert.Single(fleet["alice"].Revocations.InForce!.Revoked).Node);
    }

    [Fact]
    public void Answer_ToANodeWithoutRecords_GivesWhatItLacksOnce()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Revoke(TestZone.NodeOf("bob"), RevocationReason.Lost, Now, out IReadOnlyList<ControlRecord> records));
        fleet.MakeNode("carol");
        foreach (ControlRecord record in fleet.Owner.Export()) fleet["carol"].Take(record, Now);
        foreach (ControlRecord record in fleet["carol"].Answer(fleet["alice"].AskForRecords(Now), Now)) fleet["alice"].Take(record, Now);
        Assert.Equal(records.Count, (int)fleet["alice"].Revocations.Serial);
        Assert.Contains(TestZone.NodeOf("carol"), fleet["alice"].Attestations.Nodes);
        Assert.Empty(fleet["carol"].Answer(fleet["alice"].AskForRecords(Now), Now));
    }

    [Fact]
    public void Renewal_OfTheEncryptionKey_OpensWithBothUntilTheOldOneIsErased()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet.CreateZone(null, "alice", "bob");
        byte[] old = TestZone.BytesOf(fleet["alice"].Keys.Encryption);
        NodeKeyAttestation renewed = fleet.Attest("alice", renews: true, Now + 10);
        fleet.Restart("alice"); // the next key was stored before it was shown
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now + 11, out ControlRecord toTheNew));
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(toTheNew, Now + 11).Status);
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(ControlRecord.Of(RecordKind.Attestation, renewed.Encoded.Span), Now + 12).Status);
        Assert.Equal(renewed.Keys, fleet["alice"].Keys.Public);
        Assert.True(fleet.Vault.Holds(old));
        fleet["alice"].Tick(At(Now + 13));
        Assert.NotNull(fleet["alice"].Keys.PreviousEncryption);
        fleet["alice"].Tick(At(Now + 13 + NodeState.PreviousEncryptionSeconds, ticks: (long)(NodeState.PreviousEncryptionSeconds + 1) * Instant.TicksPerSecond));
        Assert.Null(fleet["alice"].Keys.PreviousEncryption);
        Assert.False(fleet.Vault.Holds(old));
        fleet.Restart("alice");
        Assert.Null(fleet["alice"].Keys.PreviousEncryption);
    }

    [Fact]
    public void Alarms_OverTime_TellOfOldKeysAndEndingAttestations()
    {
        using var fleet = new OwnedFleet("alice");
        fleet.CreateZone(null, "alice");
        ActiveOf(fleet, "alice", Now);
        Assert.Empty(fleet["alice"].Alarms(Now + 86_400));
        Assert.Equal(NodeAlarmKind.KeyTooOld, Assert.Single(fleet["alice"].Alarms(Now + 86_401)).Kind);
        Assert.Contains(fleet["alice"].Alarms(Now + AttestationDraft.LifeSecondsMax - NodeState.RenewalSeconds + 1), static alarm => alarm.Kind == NodeAlarmKind.AttestationEnds);
        Assert.Contains(fleet["alice"].Alarms(Now + NodeState.EncryptionSecondsMax + 1), static alarm => alarm.Kind == NodeAlarmKind.EncryptionKeyTooOld);
    }

    [Theory]
    [InlineData(600, 499, false)]
    [InlineData(600, 501, true)]
    [InlineData(600, 601, true)]
    [InlineData(2_592_000, 2_160_001, true)]
    public void Alarms_OfAnAttestationsEnd_ComeInTheLastSixthOfItsLife(ulong lifeSeconds, ulong afterSeconds, bool isRaised)
    {
        using var fleet = new OwnedFleet("alice");
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Request([], renews: false, Now + 1, out ControlRecord request));
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Attest(request.Cbor.Span, null, lifeSeconds, Now + 1, out NodeKeyAttestation? attestation));
        Assert.Equal(FcpStatus.Accepted, fleet["alice"].Take(ControlRecord.Of(RecordKind.Attestation, attestation!.Encoded.Span), Now + 1).Status);
        Assert.Equal(isRaised, fleet["alice"].Alarms(Now + 1 + afterSeconds).Any(static alarm => alarm.Kind == NodeAlarmKind.AttestationEnds));
    }

    [Fact]
    public void Take_ItsOwnLaterStatement_KnowsThatItsDiskWasPutBack()
    {
        using var fleet = new OwnedFleet("alice", "bob");
        fleet["alice"].Begin(new StartMark(Now, "", ""));
        fleet["alice"].Begin(new StartMark(Now, "", ""));
        ControlRecord later = ControlRecord.Of(RecordKind.Generation, fleet["alice"].Statement!.Encoded.Span);
        Assert.Equal(FcpStatus.Accepted, fleet["bob"].Take(later, Now).Status);
        Assert.Equal(NodeAlarmKind.None, fleet["alice"].Take(later, Now).Alarm);
        Assert.Equal(2UL, fleet["bob"].Statements[TestZone.NodeOf("alice")].Generation);
        fleet.Restart("alice");
        fleet["alice"].Begin(new StartMark(Now, "", ""));
        ControlRecord ahead = ControlRecord.Of(RecordKind.Generation, fleet["alice"].Statement!.Encoded.Span);
        fleet["alice"].Begin(new StartMark(Now, "", ""));
        Assert.Equal(NodeAlarmKind.None, fleet["alice"].Take(ahead, Now).Alarm); // below this start: an earlier one
        Assert.Equal(FcpStatus.InvalidGeneration, fleet["bob"].Take(ControlRecord.Of(RecordKind.Generation, Forged(ahead)), Now).Status);
    }

    private static byte[] Forged(ControlRecord statement)
    {
        byte[] forged = statement.Cbor.ToArray();
        forged[^1] ^= 1; // the last byte of started_at, under the signature
        return forged;
    }

    private static FcpStatus Keep(List<ControlRecord> made, ControlRecord record)
    {
        made.Add(record);
        return FcpStatus.Accepted;
    }

    private static ControlRecord Rotated(OwnedFleet fleet)
    {
        fleet.CreateZone(null, "alice", "bob");
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Rotate(Zone, 5, Now, out ControlRecord manifest));
        return manifest;
    }

    /// <summary>What an owner does that was restored from a backup: two rotations from one key.</summary>
    private static (ControlRecord One, ControlRecord Other) Equivocate(OwnedFleet fleet)
    {
        ZoneState state = fleet.Owner.Find(Zone)!;
        KeyValuePair<NodeId, PublicKey>[] members = [.. fleet.Owner.Attestations.Nodes.Values.Select(static one => KeyValuePair.Create(one.Node, one.Keys.Encryption))];
        ControlRecord Make(ulong created)
        {
            using ZoneSecrets keys = ZoneSecrets.Generate(fleet.Crypto);
            ManifestDraft draft = ManifestDraft.Rotate(state, Now + 1) with { CreatedAtUnixSeconds = created };
            Assert.Equal(FcpStatus.Accepted, ManifestAuthor.Author(draft.To(members), keys, fleet.Owner.Key, fleet.Owner.Identity.Name, Now, fleet.Crypto, out ZoneKeyManifest? manifest));
            return ControlRecord.Of(RecordKind.Manifest, manifest!.Encoded.Span);
        }

        return (Make(Now + 2), Make(Now + 3));
    }

    private static Instant At(ulong unixSeconds, long ticks = 1) => new(ticks, unixSeconds);

    private static ZoneKeyId ActiveOf(OwnedFleet fleet, string node, ulong now)
    {
        fleet[node].Tick(At(now));
        return fleet[node].Zones[Zone].Ring.Active!.Id;
    }

    private static ObjectIdKeyId ObjectIdKeyOf(OwnedFleet fleet, string node) => fleet[node].Zones[Zone].Ring.ActiveObjectIdKey!.Id;

    private static byte[] KeyOf(OwnedFleet fleet, string node, ZoneKeyId id)
    {
        Assert.Equal(FcpStatus.Accepted, fleet[node].Zones[Zone].Ring.Find(id)!.TryGet(EpochSchedule.NumberAt(Now), out SecretKey? key, out _));
        return TestZone.BytesOf(key!);
    }
}
