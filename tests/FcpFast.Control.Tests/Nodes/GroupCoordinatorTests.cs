using System;
using FcpFast.Control.Groups;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Tests.Groups;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>[WIRE §14]: the owner's profile says who turns the epochs; whoever was away follows the change, and who is it no more is not followed.</summary>
public sealed class GroupCoordinatorTests : IDisposable
{
    private static readonly ZoneId Zone = OwnedFleet.Zone;

    private readonly GroupFleet _group = new(51, "alice", "bob", "carol", "dave");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Member_ThatWasAwayDuringTheChange_FollowsFromTheOldCoordinatorToTheNew(bool missedEpochsBefore)
    {
        _group.Create("bob", "carol");
        MeshAll();
        Cut("carol");
        if (missedEpochsBefore) Heal("bob"); // ordered by alice, who may not order when carol hears of it
        HandOverTo("bob");
        Heal("alice");
        Heal("bob");
        ulong missed = EpochOf("bob") - EpochOf("carol");
        Assert.Equal(missedEpochsBefore ? 3UL : 2UL, missed);
        _group.Mesh.Connect("bob", "carol", _group.Now);
        _group.Settle(20);
        _group.AssertMembers("alice", "bob", "carol");
        Assert.DoesNotContain(_group.Mesh.AlarmsOf("carol"), static alarm => alarm.Kind is NodeAlarmKind.GroupBehind or NodeAlarmKind.Equivocation);
        Heal("carol");
        _group.AssertMembers("alice", "bob", "carol");
    }

    [Fact]
    public void Newcomer_AfterTheChange_IsAddedByTheNewCoordinatorAndRestartsInItsEpoch()
    {
        _group.Create("bob", "carol");
        MeshAll();
        HandOverTo("bob");
        Assert.Equal(FcpStatus.Accepted, _group.Fleet.Owner.Add(Zone, TestZone.NodeOf("dave"), readsPast: false, _group.Now, out ControlRecord grant));
        _group.Bring([grant], "bob");
        _group.Settle(20);
        _group.AssertMembers("alice", "bob", "carol", "dave");
        _group.Restart("bob");
        _group.Settle(2);
        Heal("dave");
        _group.AssertMembers("alice", "bob", "carol", "dave");
    }

    [Fact]
    public void Coordinator_ThatWas_IsRefusedByEverybodyAfterTheChange()
    {
        _group.Create("bob", "carol", "dave");
        MeshAll();
        using Rogue alice = _group.RogueOf("alice");
        _group.Settle(2);
        GroupMessage? commit = null;
        _group.Mesh.Passes = (from, _, payload) =>
        {
            bool isMessage = ControlRecord.Parse(payload, out ControlRecord record) == FcpStatus.Accepted && record.Kind == RecordKind.GroupMessage;
            if (isMessage && from == TestZone.NodeOf("carol")) GroupMessage.Parse(record.Cbor.Span, out commit);
            return false; // nobody hears of it yet, nor of anything else
        };
        Heal("carol");
        Assert.Equal(FcpStatus.Accepted, _group.Fleet.Owner.SetProfile(Zone, GroupFleet.Terms, TestZone.NodeOf("bob"), false, _group.Now, out ControlRecord profile));
        EpochAnnouncement announcement = alice.Order(commit!);
        ControlRecord early = _group.Announce(announcement, "alice"); // names the profile before
        foreach (string name in (string[])["alice", "bob", "carol", "dave"]) _group.Bring([profile], name);
        ControlRecord late = _group.Announce(announcement, "alice"); // names the present one
        Assert.Equal(FcpStatus.Accepted, _group.Receive("carol", "dave", ControlRecord.Of(RecordKind.GroupMessage, commit!.Encoded.Span)));
        ulong epoch = EpochOf("bob");
        foreach (string name in (string[])["bob", "carol", "dave"])
        {
            string before = _group.Fleet.Stored(name);
            Assert.Equal(FcpStatus.InvalidSignature, _group.Receive("alice", name, early));
            Assert.Equal(FcpStatus.InvalidSignature, _group.Receive("alice", name, late));
            Assert.Equal(before, _group.Fleet.Stored(name));
            Assert.Equal(epoch, EpochOf(name));
        }

        _group.Mesh.Passes = static (_, _, _) => true;
        _group.Settle(70);
        Assert.Equal(epoch + 1, EpochOf("alice")); // carol's healing, by bob's order
        _group.AssertMembers("alice", "bob", "carol", "dave");
        Assert.All((string[])["bob", "carol", "dave"], name => Assert.DoesNotContain(_group.Mesh.AlarmsOf(name), static alarm => alarm.Kind == NodeAlarmKind.Equivocation));
    }

    [Fact]
    public void Coordinator_ThatIsAwayDuringTheChange_OrdersNothingOnceItHears()
    {
        _group.Create("bob", "carol");
        MeshAll();
        Cut("alice");
        HandOverTo("bob");
        Heal("carol");
        ulong reached = EpochOf("bob");
        _group.Mesh.Connect("alice", "bob", _group.Now);
        _group.Settle(20);
        Assert.Equal(reached, EpochOf("alice"));
        _group.Mesh["alice"].Take(HealOrder.Of(Zone), _group.Now); // by bob now
        _group.Settle(20);
        Assert.Equal(reached + 1, EpochOf("bob"));
        _group.Mesh.Connect("carol", "bob", _group.Now);
        _group.Settle(20);
        _group.AssertMembers("alice", "bob", "carol");
    }

    [Fact]
    public void Coordinator_ThatDatedItsLastManifestToTheEndOfTime_IsSucceeded()
    {
        _group.Create("bob", "carol", "dave");
        MeshAll();
        using Rogue alice = _group.RogueOf("alice");
        _group.Settle(2);
        ulong epoch = EpochOf("bob");
        (GroupMessage commit, EpochAnnouncement announcement) = alice.Commit(new MlsCommitPlan());
        ControlRecord manifest = _group.Announce(announcement, "alice", _group.Fleet["alice"].Keys.Sign, static draft => draft with { CreatedAtUnixSeconds = ulong.MaxValue });
        foreach (string name in (string[])["bob", "carol", "dave"])
        {
            Assert.Equal(FcpStatus.Accepted, _group.Receive("alice", name, ControlRecord.Of(RecordKind.GroupMessage, commit.Encoded.Span)));
            Assert.Equal(FcpStatus.Accepted, _group.Receive("alice", name, manifest));
        }

        HandOverTo("bob");
        Heal("carol");
        _group.Settle(20);
        _group.AssertAgree("bob", "carol", "dave");
        Assert.Equal(epoch + 2, EpochOf("dave"));
    }

    [Fact]
    public void Profile_ThatNamesNobody_LeavesTheEpochsToTheOwnerAlone()
    {
        _group.Create("bob", "carol");
        MeshAll();
        using Rogue owners = _group.RogueOf("alice"); // a node of the owner's, which works out what the manifest has to say
        _group.Settle(2);
        Assert.Equal(FcpStatus.Accepted, _group.Fleet.Owner.SetProfile(Zone, GroupFleet.Terms, null, false, _group.Now, out ControlRecord profile));
        _group.Bring([profile]);
        ulong epoch = EpochOf("alice");
        GroupMessage? commit = null;
        _group.Mesh.Passes = (from, _, payload) =>
        {
            bool isMessage = ControlRecord.Parse(payload, out ControlRecord record) == FcpStatus.Accepted && record.Kind == RecordKind.GroupMessage;
            if (isMessage && from == TestZone.NodeOf("bob")) GroupMessage.Parse(record.Cbor.Span, out commit);
            return true;
        };
        Heal("bob");
        _group.Now += GroupFleet.EpochSeconds; // not even when it is due
        _group.Settle();
        Assert.All((string[])["alice", "bob", "carol"], name => Assert.Equal(epoch, EpochOf(name)));
        EpochAnnouncement announcement = owners.Order(commit!);
        foreach (string member in (string[])["alice", "bob"])
        {
            ControlRecord forged = _group.Announce(announcement, member);
            Assert.Equal(FcpStatus.InvalidSignature, _group.Receive(member, "carol", forged));
        }

        _group.Bring([_group.Announce(announcement, "alice", _group.Fleet.Owner.Key.Sign)]);
        _group.Settle(20);
        _group.AssertMembers("alice", "bob", "carol");
        Assert.Equal(epoch + 1, EpochOf("carol"));
    }

    public void Dispose() => _group.Dispose();

    private void MeshAll()
    {
        foreach ((string one, string other) in ((string, string)[])[("bob", "carol"), ("bob", "dave"), ("carol", "dave")]) _group.Mesh.Connect(one, other, _group.Now);
        _group.Settle(2);
    }

    private void Cut(string name)
    {
        foreach (string other in (string[])["alice", "bob", "carol", "dave"])
        {
            if (other != name) _group.Mesh.Disconnect(name, other);
        }
    }

    private void HandOverTo(string name)
    {
        Assert.Equal(FcpStatus.Accepted, _group.Fleet.Owner.SetProfile(Zone, GroupFleet.Terms, TestZone.NodeOf(name), false, _group.Now, out ControlRecord profile));
        _group.Bring([profile], name);
    }

    private void Heal(string name)
    {
        _group.Mesh[name].Take(HealOrder.Of(Zone), _group.Now);
        _group.Settle(20);
    }

    private ulong EpochOf(string name) => _group.Fleet[name].EpochOf(Zone)!.Value.Value;
}
