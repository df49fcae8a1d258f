using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Nodes;
using FcpFast.Control.Profiles;
using FcpFast.Control.Records;
using FcpFast.Control.Revocations;
using FcpFast.Control.Tests.Support;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>[WIRE §14]: the messages of a zone's group travel between running nodes, and every node's ring follows.</summary>
public sealed class GroupExchangeTests
{
    private static readonly ZoneId Zone = OwnedFleet.Zone;

    [Fact]
    public void Zone_OfThree_ComesToLifeFromWhatOnlyTheCoordinatorWasGiven()
    {
        using var group = new GroupFleet(1, "alice", "bob", "carol");
        group.Create("bob", "carol");
        group.AssertMembers("alice", "bob", "carol");
        Assert.All((string[])["alice", "bob", "carol"], name => Assert.Empty(group.Mesh.AlarmsOf(name)));
    }

    [Fact]
    public void Members_AddHealRemove_FollowAndTheRemovedHasNothing()
    {
        using var group = new GroupFleet(2, "alice", "bob", "carol", "dave");
        group.Create("bob", "carol");
        group.Add("dave");
        group.AssertMembers("alice", "bob", "carol", "dave");
        EpochId before = group.Fleet["alice"].EpochOf(Zone)!.Value;
        foreach (string healer in (string[])["bob", "dave", "alice"])
        {
            group.Mesh[healer].Take(HealOrder.Of(Zone), group.Now);
            group.Settle();
            group.AssertMembers("alice", "bob", "carol", "dave");
        }

        Assert.Equal(before.Value + 3, group.Fleet["alice"].EpochOf(Zone)!.Value.Value);
        group.Remove("carol");
        group.AssertMembers("alice", "bob", "dave");
        Assert.Null(group.Fleet["carol"].EpochOf(Zone));
        Assert.Null(group.Fleet["carol"].Zones[Zone].Ring.Active);
        Assert.Null(group.Fleet["carol"].Zones[Zone].Ring.Find(group.Fleet["alice"].Zones[Zone].Ring.Active!.Id));
        group.Add("carol"); // and again
        group.AssertMembers("alice", "bob", "carol", "dave");
    }

    [Fact]
    public void Heals_ThatAreConcurrent_AllCountOneEpochAfterTheOther()
    {
        using var group = new GroupFleet(3, "alice", "bob", "carol", "dave");
        group.Create("bob", "carol", "dave");
        ulong before = group.Fleet["alice"].EpochOf(Zone)!.Value.Value;
        group.Mesh.Cut = true; // a partition: nobody hears of another's
        foreach (string healer in (string[])["bob", "carol", "dave"]) Assert.Equal(FcpStatus.Accepted, group.Fleet[healer].Heal(Zone, group.Now));
        group.Settle(2);
        group.Mesh.Cut = false;
        foreach (string name in (string[])["bob", "carol", "dave"])
        {
            group.Mesh.Disconnect("alice", name);
            group.Mesh.Connect("alice", name, group.Now);
        }

        group.Settle(20);
        group.AssertMembers("alice", "bob", "carol", "dave");
        Assert.Equal(before + 3, group.Fleet["alice"].EpochOf(Zone)!.Value.Value);
    }

    [Fact]
    public void Node_ThatMissedEpochs_AsksAndCatchesUp()
    {
        using var group = new GroupFleet(4, "alice", "bob", "carol", "dave");
        group.Create("bob", "carol");
        group.Mesh.Disconnect("alice", "carol");
        foreach (string healer in (string[])["bob", "alice", "bob"])
        {
            group.Mesh[healer].Take(HealOrder.Of(Zone), group.Now);
            group.Settle();
        }

        group.Add("dave");
        group.AssertAgree("alice", "bob", "dave");
        ulong missed = group.Fleet["alice"].EpochOf(Zone)!.Value.Value - group.Fleet["carol"].EpochOf(Zone)!.Value.Value;
        Assert.Equal(4UL, missed);
        group.Mesh.Connect("alice", "carol", group.Now);
        group.Settle();
        group.AssertMembers("alice", "bob", "carol", "dave");
    }

    [Fact]
    public void Manifest_BeforeItsCommit_IsAskedForAgainWithIt()
    {
        using var group = new GroupFleet(5, "alice", "bob");
        group.Create("bob");
        ulong before = group.Fleet["bob"].EpochOf(Zone)!.Value.Value;
        int lost = 0;
        group.Mesh.Passes = (_, to, payload) =>
        {
            bool isCommit = lost == 0 && to == TestZone.NodeOf("bob") && ControlRecord.Parse(payload, out ControlRecord record) == FcpStatus.Accepted && record.Kind == RecordKind.GroupMessage;
            if (isCommit) lost++;
            return !isCommit;
        };
        group.Mesh["alice"].Take(HealOrder.Of(Zone), group.Now);
        group.Mesh.Deliver(group.Now);
        Assert.Equal(1, lost);
        group.Settle();
        Assert.Equal(before + 1, group.Fleet["bob"].EpochOf(Zone)!.Value.Value);
        group.AssertMembers("alice", "bob");
    }

    [Fact]
    public void Members_ThatMeetThroughARelay_TurnTheirEpochs()
    {
        using var fleet = new OwnedFleet(6, ["alice", "bob", "between"]);
        Assert.Equal(FcpStatus.Accepted, fleet["between"].Request([], false, OwnedFleet.Now, out ControlRecord request));
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.Attest(request.Cbor.Span, [Protocol.Session.PeerIdentity.RelayTag], 3600, OwnedFleet.Now + 1, out Control.Attestations.NodeKeyAttestation? relay));
        fleet.Carry([ControlRecord.Of(RecordKind.Attestation, relay!.Encoded.Span)], OwnedFleet.Now + 1);
        Assert.Equal(FcpStatus.Accepted, fleet.Owner.CreateGroupZone(
            Zone, TestZone.NodeOf("alice"), [TestZone.NodeOf("bob")], GroupFleet.Terms, OwnedFleet.Now + 1, out IReadOnlyList<ControlRecord> records));
        var mesh = new Mesh(fleet);
        ulong now = OwnedFleet.Now + 2;
        mesh.Connect("alice", "between", now);
        mesh.Connect("between", "bob", now);
        foreach (ControlRecord record in records) mesh["alice"].Take(record, now);
        for (int i = 0; i < 15; i++)
        {
            mesh.Deliver(now);
            mesh.Tick(++now);
        }

        Assert.NotNull(fleet["bob"].Zones[Zone].Ring.Active);
        Assert.Equal(fleet["alice"].Zones[Zone].Ring.Active!.Id, fleet["bob"].Zones[Zone].Ring.Active!.Id);
        Assert.Empty(fleet["between"].Zones[Zone].Ring.ZoneKeys);
        Assert.Null(fleet["between"].EpochOf(Zone));
        EpochId before = fleet["bob"].EpochOf(Zone)!.Value;
        mesh["bob"].Take(HealOrder.Of(Zone), now);
        mesh.Deliver(now);
        Assert.Equal(before.Value + 1, fleet["alice"].EpochOf(Zone)!.Value.Value);
        Assert.Equal(before.Value + 1, fleet["bob"].EpochOf(Zone)!.Value.Value);
        Assert.Equal(0, mesh.Deliver(now)); // nothing circles
    }

    [Fact]
    public void Tick_AfterTheLongestEpoch_TurnsItAndHealsEveryMember()
    {
        using var group = new GroupFleet(7, "alice", "bob", "carol");
        group.Create("bob", "carol");
        ulong before = group.Fleet["alice"].EpochOf(Zone)!.Value.Value;
        group.Now += GroupFleet.EpochSeconds;
        group.Settle();
        Assert.True(group.Fleet["alice"].EpochOf(Zone)!.Value.Value > before);
        group.Now += GroupFleet.EpochSeconds / 8; // by now the others' time has come too, each after its own delay
        group.Settle();
        Assert.Equal(before + 3, group.Fleet["alice"].EpochOf(Zone)!.Value.Value);
        group.AssertMembers("alice", "bob", "carol");
    }

    [Fact]
    public void Node_WhoseGroupCannotGoOn_IsRemovedAndJoinsAnew()
    {
        using var group = new GroupFleet(8, "alice", "bob", "carol");
        group.Create("bob", "carol");
        group.Mesh.Disconnect("alice", "carol");
        group.Mesh["bob"].Take(HealOrder.Of(Zone), group.Now);
        group.Settle();
        group.Mesh.Passes = (_, to, payload) => to != TestZone.NodeOf("carol") || ControlRecord.Parse(payload, out ControlRecord record) != FcpStatus.Accepted
            || record.Kind != RecordKind.GroupMessage;
        group.Mesh.Connect("alice", "carol", group.Now); // and nobody has that commit any more
        group.Settle();
        Assert.NotEqual(group.Fleet["alice"].EpochOf(Zone), group.Fleet["carol"].EpochOf(Zone));
        group.Now += NodeState.BehindSecondsMax;
        group.Settle();
        Assert.Contains(group.Mesh.AlarmsOf("carol"), static alarm => alarm.Kind == NodeAlarmKind.GroupBehind);
        group.Remove("carol");
        group.Mesh.Passes = static (_, _, _) => true;
        group.Add("carol");
        group.Settle(70);
        group.AssertMembers("alice", "bob", "carol");
    }

    [Fact]
    public void Revoke_OfAMember_RemovesItFromTheGroup()
    {
        using var group = new GroupFleet(9, "alice", "bob", "carol");
        group.Create("bob", "carol");
        Assert.Equal(FcpStatus.Accepted, group.Fleet.Owner.Revoke(TestZone.NodeOf("carol"), RevocationReason.Compromised, group.Now, out IReadOnlyList<ControlRecord> records));
        group.Bring(records);
        group.AssertMembers("alice", "bob");
        Assert.Null(group.Fleet["carol"].EpochOf(Zone));
    }

    [Fact]
    public void Add_OfANodeThatIsAway_LetsRemovalsGoFirstAndThenLapses()
    {
        using var group = new GroupFleet(10, "alice", "bob", "carol", "dave", "erin");
        group.Create("bob", "carol");
        group.Mesh.Disconnect("alice", "dave");
        group.Add("dave");
        group.Add("erin"); // waits for the one before
        group.AssertMembers("alice", "bob", "carol");
        group.Now += NodeState.GrantPatienceSeconds;
        group.Settle();
        group.AssertMembers("alice", "bob", "carol", "erin");
        Assert.Contains(group.Mesh.AlarmsOf("alice"), static alarm => alarm.Kind == NodeAlarmKind.GrantWaits && alarm.Detail.Contains("has lapsed", StringComparison.Ordinal));
        group.Mesh.Connect("alice", "dave", group.Now);
        group.Settle();
        group.AssertMembers("alice", "bob", "carol", "erin");
        group.Add("dave");
        group.AssertMembers("alice", "bob", "carol", "dave", "erin");
    }

    [Fact]
    public void Coordinator_ThatTheOwnerReplaces_HandsOver()
    {
        using var group = new GroupFleet(11, "alice", "bob", "carol");
        group.Create("bob", "carol");
        Assert.Equal(FcpStatus.Accepted, group.Fleet.Owner.SetProfile(Zone, GroupFleet.Terms, TestZone.NodeOf("bob"), false, group.Now, out ControlRecord profile));
        group.Bring([profile]);
        ulong before = group.Fleet["bob"].EpochOf(Zone)!.Value.Value;
        group.Mesh["carol"].Take(HealOrder.Of(Zone), group.Now);
        group.Settle();
        Assert.Equal(before + 1, group.Fleet["bob"].EpochOf(Zone)!.Value.Value);
        group.AssertMembers("alice", "bob", "carol");
        group.Remove("alice"); // the one that was
        group.AssertMembers("bob", "carol");
    }

    [Fact]
    public void Profile_ThatEndsTheMode_NeedsTheOwnersWordAndErasesTheGroups()
    {
        using var group = new GroupFleet(12, "alice", "bob");
        group.Create("bob");
        SecurityTerms weaker = SecurityTerms.Default with { MinSuite = GroupFleet.Terms.MinSuite, MaxEpochSeconds = GroupFleet.EpochSeconds };
        Assert.Equal(FcpStatus.Downgrade, group.Fleet.Owner.SetProfile(Zone, weaker, false, group.Now, out _));
        Assert.Equal(FcpStatus.Accepted, group.Fleet.Owner.SetProfile(Zone, weaker, true, group.Now, out ControlRecord profile));
        group.Bring([profile]);
        Assert.Null(group.Fleet["alice"].EpochOf(Zone));
        Assert.Null(group.Fleet["bob"].EpochOf(Zone));
        group.Restart("bob");
        Assert.Null(group.Fleet["bob"].EpochOf(Zone));
    }

    [Fact]
    public void Messages_OfAStrangerOrChanged_AreRefusedAndKeptNowhere()
    {
        using var group = new GroupFleet(13, "alice", "bob", "carol");
        group.Create("bob", "carol");
        group.Mesh.Cut = true;
        Assert.Equal(FcpStatus.Accepted, group.Fleet["bob"].Heal(Zone, group.Now));
        ControlRecord commit = group.Fleet["bob"].TakeMade().Single().Record;
        GroupMessage.Parse(commit.Cbor.Span, out GroupMessage? message);
        byte[] changed = message!.Message.ToArray();
        string before = group.Fleet.Stored("carol");
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            int at = random.Next(changed.Length);
            changed[at] ^= (byte)(1 + random.Next(255));
            ControlRecord forged = ControlRecord.Of(RecordKind.GroupMessage, GroupMessage.Of(Zone, message.Epoch, GroupMessageKind.Commit, changed).Encoded.Span);
            Assert.Equal(FcpStatus.InvalidGroupMessage, group.Fleet["carol"].Take(forged, group.Now).Status);
            changed = message.Message.ToArray();
        }

        Assert.Equal(before, group.Fleet.Stored("carol"));
        Assert.Equal(FcpStatus.Accepted, group.Fleet["carol"].Take(commit, group.Now).Status);
    }

    [Fact]
    public void Restart_OfEveryNode_GoesOnInItsEpochWithTheSameKey()
    {
        using var group = new GroupFleet(15, "alice", "bob", "carol");
        group.Create("bob", "carol");
        byte[] key = group.ActiveKey("alice");
        EpochId epoch = group.Fleet["alice"].EpochOf(Zone)!.Value;
        foreach (string name in (string[])["bob", "alice", "carol"])
        {
            group.Restart(name);
            Assert.Equal(epoch, group.Fleet[name].EpochOf(Zone));
            Assert.Equal(key, group.ActiveKey(name));
        }

        group.Mesh["carol"].Take(HealOrder.Of(Zone), group.Now);
        group.Restart("carol"); // its commit waits in the store
        group.Settle();
        group.AssertMembers("alice", "bob", "carol");
        Assert.Equal(epoch.Value + 1, group.Fleet["carol"].EpochOf(Zone)!.Value.Value);
    }

    [Fact]
    public void Vault_AfterEverythingIsDisposed_IsEmpty()
    {
        var group = new GroupFleet(14, "alice", "bob", "carol");
        group.Create("bob", "carol");
        group.Mesh["bob"].Take(HealOrder.Of(Zone), group.Now);
        group.Settle();
        group.Restart("bob");
        group.Remove("carol");
        group.Dispose();
        Assert.Equal(0, group.Fleet.Vault.LiveCount);
    }
}
