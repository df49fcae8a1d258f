using System;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Manifests;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Tests.Groups;

/// <summary>[WIRE §14]: a zone whose keys are those of a group, from its first node on.</summary>
public sealed class ZoneGroupTests
{
    [Fact]
    public void Zone_AddHealRemove_EveryRingFollowsAndTheRemovedNodesDoesNot()
    {
        using var zone = new GroupZone();
        zone.Grow(5);
        zone.AssertAgree();
        foreach (GroupNode node in zone.Nodes.ToList()) zone.Heal(node);
        zone.AssertAgree();

        GroupNode removed = zone.Nodes[2];
        GroupZone.Accepted(zone.Nodes[3].Group.Remove(zone.Grant(MembershipAction.Remove, removed.Id)));
        GroupMessage commit = zone.Nodes[3].Group.PendingCommit!;
        zone.Nodes.RemoveAt(2);
        ZoneKeyManifest manifest = zone.Order(commit, null);
        removed.Group.Receive(commit);
        ZoneKeyId before = removed.Ring.Active!.Id;
        Assert.Equal(FcpStatus.MissingWrappedObjectIdKey, removed.Take(manifest)); // a link: it sees that it is out
        Assert.Equal(FcpStatus.NotMember, removed.Group.Enter(manifest));
        Assert.False(removed.Group.IsOpen);
        Assert.Null(removed.Ring.Active);
        zone.Deliver(commit, manifest);
        zone.AssertAgree();
        Assert.NotEqual(before, zone.Coordinator.Ring.Active!.Id);
        removed.Dispose();
    }

    [Fact]
    public void Ring_OfAGroupsKeys_OpensOnlyTheEpochOfEachKey()
    {
        using var zone = new GroupZone();
        zone.Grow(2);
        ZoneKey old = zone.Coordinator.Ring.Active!;
        zone.Heal(zone.Nodes[1]);
        ZoneKeyRing ring = zone.Nodes[1].Ring;
        ZoneKey active = ring.Active!;
        EpochId epoch = active.OnlyEpoch!.Value, before = new(epoch.Value - 1);
        Assert.Equal(FcpStatus.Accepted, ring.JudgeEpoch(active.Id, epoch));
        Assert.Equal(FcpStatus.EpochOutOfRange, ring.JudgeEpoch(active.Id, before));
        Assert.Equal(FcpStatus.Accepted, ring.JudgeEpoch(old.Id, before)); // for the overlap
        Assert.Equal(FcpStatus.EpochOutOfRange, ring.JudgeEpoch(old.Id, epoch));
        Assert.Equal(FcpStatus.Accepted, ring.JudgeEpoch(new ZoneKeyId(new Bytes8(1)), new EpochId(epoch.Value + 1))); // of a key that may be under way
        Assert.Equal(FcpStatus.EpochOutOfRange, active.TryGet(before, out SecretKey? ofAnother, out _));
        Assert.Null(ofAnother);
        Assert.Equal(epoch, ring.SealingEpochOf(active.Id));
        byte[] oldKey = TestZone.BytesOf(KeyOf(old));
        zone.Clock.UnixSeconds += 301;
        foreach (GroupNode node in zone.Nodes) node.Ring.Tick(zone.Now, new System.Collections.Generic.List<ZoneKeyId>());
        Assert.Null(ring.Find(old.Id));
        Assert.False(zone.Vault.Holds(oldKey));
    }

    [Fact]
    public void Commits_ThatAreConcurrent_EndInOneEpochAndTheLoserRebases()
    {
        using var zone = new GroupZone();
        zone.Grow(4);
        GroupNode winner = zone.Nodes[1], loser = zone.Nodes[2];
        GroupZone.Accepted(winner.Group.Heal());
        GroupZone.Accepted(loser.Group.Heal());
        GroupMessage first = winner.Group.PendingCommit!, second = loser.Group.PendingCommit!;
        ZoneKeyManifest manifest = zone.Order(first, null);
        Assert.Equal(MlsStatus.WrongEpoch, zone.Coordinator.Group.Order(second, null, out EpochAnnouncement? none).Status);
        Assert.Null(none);
        foreach (GroupNode node in zone.Nodes) node.Group.Receive(second);
        zone.Deliver(first, manifest);
        zone.AssertAgree();
        Assert.Null(loser.Group.PendingCommit);
        zone.Heal(loser); // again, in the new epoch
        zone.AssertAgree();
    }

    [Fact]
    public void Node_ThatMissedEpochs_CatchesUpInOrderOrAsks()
    {
        using var zone = new GroupZone();
        zone.Grow(4);
        GroupNode away = zone.Nodes[3];
        GroupNode[] present = [.. zone.Nodes.Take(3)];
        var missed = Enumerable.Range(0, 4).Select(i => zone.Heal(present[i % 3], present)).ToArray();
        zone.AssertAgree(present);
        Assert.Equal(FcpStatus.ManifestGap, away.Take(missed[1].Manifest));
        ZoneState before = away.State;
        Assert.Equal(FcpStatus.ObjectNotFound, away.Take(missed[0].Manifest)); // asks for the commit
        Assert.Same(before, away.State);
        foreach ((GroupMessage commit, ZoneKeyManifest manifest) in missed)
        {
            Assert.Equal(MlsStatus.Accepted, away.Group.Receive(commit).Status);
            Assert.Equal(FcpStatus.Accepted, away.Take(manifest));
        }

        zone.AssertAgree();
    }

    [Fact]
    public void Parts_OfAPartition_DoNotGoOnWithoutTheCoordinator()
    {
        using var zone = new GroupZone();
        zone.Grow(5);
        GroupNode[] far = [zone.Nodes[3], zone.Nodes[4]];
        GroupNode[] near = [.. zone.Nodes.Take(3)];
        GroupZone.Accepted(far[0].Group.Heal()); // cannot be ordered there
        GroupMessage unordered = far[0].Group.PendingCommit!;
        far[1].Group.Receive(unordered);
        Assert.Equal(far[0].Group.Epoch, far[1].Group.Epoch);
        (GroupMessage commit, ZoneKeyManifest manifest) = zone.Heal(near[1], near);
        zone.Deliver(commit, manifest, far); // the partition ends
        zone.AssertAgree();
        Assert.Null(far[0].Group.PendingCommit);
    }

    [Fact]
    public void Restart_BetweenAnyTwoSteps_GoesOn()
    {
        using var zone = new GroupZone();
        zone.Grow(3);
        for (int round = 0; round < 6; round++)
        {
            GroupNode healer = zone.Nodes[round % 3];
            GroupZone.Accepted(healer.Group.Heal());
            GroupMessage commit = healer.Group.PendingCommit!;
            healer.Restart();
            Assert.Equal(commit.Id, healer.Group.PendingCommit!.Id);
            ZoneKeyManifest manifest = zone.Order(commit, null);
            zone.Coordinator.Restart(); // behind the order, before its manifest was sent
            Assert.Equal(manifest.ZoneKeyId, zone.Coordinator.Group.Announcement!.ZoneKeyId);
            Assert.Equal(manifest.Header.Refs[1], zone.Coordinator.Group.Announcement.Messages[0].Value);
            foreach (GroupNode node in zone.Nodes.Skip(1))
            {
                node.Group.Receive(commit);
                Assert.Equal(FcpStatus.Accepted, node.Group.Enter(manifest));
                node.Restart(); // in the new epoch, with the zone's state of the old one
            }

            zone.Deliver(commit, manifest);
            zone.AssertAgree();
        }

        Assert.Equal(2UL, zone.Nodes[1].Group.SerialFloor);
    }

    [Fact]
    public void IsDue_AfterTheLongestEpoch_UntilSomebodyHeals()
    {
        using var zone = new GroupZone();
        zone.Grow(2);
        Assert.False(zone.Coordinator.Group.IsDue);
        zone.Clock.UnixSeconds += 3600;
        Assert.True(zone.Coordinator.Group.IsDue);
        zone.Heal(zone.Coordinator);
        Assert.All(zone.Nodes, static node => Assert.False(node.Group.IsDue));
    }

    [Fact]
    public void ProposeHealing_OfANodeThatCannotOrder_IsCommittedByAnother()
    {
        using var zone = new GroupZone();
        zone.Grow(3);
        GroupZone.Accepted(zone.Nodes[2].Group.ProposeHealing(out GroupMessage? proposal));
        foreach (GroupNode node in zone.Nodes.Take(2)) GroupZone.Accepted(node.Group.Receive(proposal!));
        zone.Heal(zone.Coordinator);
        zone.AssertAgree();
        zone.Heal(zone.Nodes[2]);
        zone.AssertAgree();
    }

    [Fact]
    public void Renew_ByEveryMember_LetsNewcomersInAfterTheFirstAttestationsAreOver()
    {
        const ulong month = 30 * 24 * 3600;
        using var zone = new GroupZone();
        zone.Grow(3);
        zone.Heal(zone.Nodes[2]); // from now on its leaf has no lifetime of its own
        zone.Clock.UnixSeconds += month - 100;
        Assert.Equal(FcpStatus.InvalidAttestation, zone.Nodes[1].Group.Renew(zone.Nodes[1].Attest(month, zone.Nodes[2].Id)));
        Assert.Equal(FcpStatus.InvalidAttestation, zone.Nodes[1].Group.Renew(zone.Nodes[2].Attest(month)));
        foreach (GroupNode node in zone.Nodes.Take(2))
        {
            Assert.Equal(FcpStatus.Accepted, node.Group.Renew(node.Attest(month)));
            zone.Heal(node);
        }

        zone.Clock.UnixSeconds += 200; // the third's is over: newcomers do not trust the group
        using GroupNode newcomer = new(zone, "node-9");
        GroupZone.Accepted(zone.Coordinator.Group.Add(zone.Grant(MembershipAction.Add, newcomer.Id), newcomer.OfferPackage()));
        GroupMessage commit = zone.Coordinator.Group.PendingCommit!, welcome = zone.Coordinator.Group.PendingWelcome!;
        MlsVerdict verdict = ZoneGroup.Join(newcomer.Membership, newcomer.Package!, commit, welcome, null, out ZoneGroup? none);
        Assert.Equal(new MlsVerdict(MlsStatus.CredentialRefused, 2), verdict);
        Assert.Null(none);
        GroupZone.Accepted(zone.Coordinator.Group.Drop());

        Assert.Equal(FcpStatus.Accepted, zone.Nodes[2].Group.Renew(zone.Nodes[2].Attest(month)));
        zone.Heal(zone.Nodes[2]);
        zone.Grow(4);
        zone.AssertAgree();
    }

    [Fact]
    public void Receive_MoreCommitsThanAreKept_PushesOutTheOldestWhichIsAskedForAgain()
    {
        using var zone = new GroupZone();
        zone.Grow(2);
        GroupNode node = zone.Nodes[1];
        GroupZone.Accepted(zone.Coordinator.Group.Heal());
        GroupMessage commit = zone.Coordinator.Group.PendingCommit!;
        ZoneKeyManifest manifest = zone.Order(commit, null);
        GroupZone.Accepted(node.Group.Receive(commit));
        for (int i = 0; i < ZoneGroup.CommitsKeptMax; i++)
        {
            GroupZone.Accepted(node.Group.Receive(GroupMessage.Of(zone.Zone, commit.Epoch, GroupMessageKind.Commit, [(byte)i])));
        }

        Assert.Equal(FcpStatus.ObjectNotFound, node.Take(manifest));
        GroupZone.Accepted(node.Group.Receive(commit));
        for (int i = 0; i < 3; i++) node.Group.Receive(GroupMessage.Of(zone.Zone, commit.Epoch, GroupMessageKind.Commit, new byte[3_000_000 + i]));
        Assert.Equal(FcpStatus.ObjectNotFound, node.Take(manifest));
        GroupZone.Accepted(node.Group.Receive(commit));
        Assert.Equal(FcpStatus.Accepted, node.Take(manifest));
    }

    [Fact]
    public void Thief_OfANodesRecord_HasNoKeyOnceTheNodeHeals()
    {
        using var zone = new GroupZone();
        zone.Grow(3);
        GroupNode taken = zone.Nodes[1];
        using ZoneGroup thief = ZoneGroup.Restore(taken.Membership, taken.Store.Record, null)!;
        (GroupMessage commit, ZoneKeyManifest manifest) = zone.Heal(taken);
        thief.Receive(commit);
        Assert.Equal(FcpStatus.ZoneKeyIdMismatch, thief.Preview(manifest, out SecretKey? key, out _));
        Assert.Null(key);
        Assert.Equal(MlsStatus.OwnMessage, thief.LastVerdict.Status);
    }

    [Fact]
    public void Vault_AfterEverythingIsDisposed_IsEmpty()
    {
        var zone = new GroupZone();
        zone.Grow(3);
        zone.Heal(zone.Nodes[2]);
        zone.Dispose();
        Assert.Equal(0, zone.Vault.LiveCount);
    }

    private static SecretKey KeyOf(ZoneKey key) => key.TryGet(key.OnlyEpoch!.Value, out SecretKey? secret, out _) == FcpStatus.Accepted ? secret! : throw new InvalidOperationException();
}
