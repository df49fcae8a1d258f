using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Identities;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Tests.Groups;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>
/// [WIRE §14]: in a running network nobody, the coordinator neither, adds or removes without the owner's right statement. Every node refuses the commit, and the manifest
/// that orders it, with its state as before; the honest commit goes on.
/// </summary>
public sealed class GroupForgeryTests : IDisposable
{
    private static readonly ZoneId Zone = OwnedFleet.Zone;
    private static readonly string[] Members = ["alice", "bob", "carol", "dave"];

    private readonly GroupFleet _group = new(41, "alice", "bob", "carol", "dave", "erin");
    private readonly MembershipGrant _addedBefore;
    private readonly MembershipGrant _removedBefore;

    public GroupForgeryTests()
    {
        _group.Create("bob", "carol", "dave");
        _addedBefore = Change(MembershipAction.Add);
        _removedBefore = Change(MembershipAction.Remove);
        foreach (string name in Members[2..]) _group.Mesh.Connect("bob", name, _group.Now);
        _group.Mesh.Connect("carol", "dave", _group.Now);
        _group.Settle(2);
    }

    [Fact]
    public void Member_WhoseCommitLacksTheOwnersStatement_IsRefusedByEveryNode()
    {
        using Rogue bob = _group.RogueOf("bob");
        _group.Settle(2);
        foreach ((string what, MlsCommitPlan plan) in Forgeries())
        {
            (GroupMessage commit, _) = bob.Commit(plan);
            AssertUnchanged(what, ["alice", "carol", "dave"], name =>
                Assert.True(FcpStatus.InvalidGroupMessage == _group.Receive("bob", name, RecordOf(commit)), $"{what} at {name}"));
        }

        AssertHonestGoOn("bob");
    }

    [Fact]
    public void Coordinator_ThatOrdersWithoutTheOwnersStatement_IsFollowedByNoNode()
    {
        using Rogue alice = _group.RogueOf("alice");
        _group.Settle(2);
        foreach ((string what, MlsCommitPlan plan) in Forgeries())
        {
            (GroupMessage commit, EpochAnnouncement announcement) = alice.Commit(plan);
            ControlRecord manifest = _group.Announce(announcement, "alice");
            AssertUnchanged(what, ["bob", "carol", "dave"], name =>
            {
                Assert.True(FcpStatus.InvalidGroupMessage == _group.Receive("alice", name, RecordOf(commit)), $"{what} at {name}");
                Assert.True(FcpStatus.ObjectNotFound == _group.Receive("alice", name, manifest), $"{what}: its manifest at {name}");
            });
        }

        AssertHonestGoOn("carol");
    }

    [Fact]
    public void Coordinator_ThatLabelsItsForgeryWithAnotherEpoch_HasItStoredAndNotFollowed()
    {
        using Rogue alice = _group.RogueOf("alice");
        _group.Settle(2);
        ulong epoch = _group.Fleet["bob"].EpochOf(Zone)!.Value.Value;
        foreach ((string what, MlsCommitPlan plan) in Forgeries().Take(4))
        {
            (GroupMessage commit, EpochAnnouncement announcement) = alice.Commit(plan);
            foreach (ulong label in (ulong[])[epoch + 1, ulong.MaxValue, epoch - 1])
            {
                GroupMessage labelled = GroupMessage.Of(Zone, label, GroupMessageKind.Commit, commit.Message.Span);
                ControlRecord manifest = _group.Announce(announcement with { Messages = [labelled.Id] }, "alice");
                AssertUnchanged($"{what}, labelled {label}", ["bob", "carol", "dave"], name =>
                {
                    Assert.Equal(FcpStatus.Accepted, _group.Receive("alice", name, RecordOf(labelled))); // nobody can say yet what it is
                    Assert.NotEqual(FcpStatus.Accepted, _group.Receive("alice", name, manifest));
                });
            }
        }

        AssertHonestGoOn("dave");
    }

    [Fact]
    public void Commit_OfAnEarlierEpoch_SentAgainUnderThisOne_IsRefused()
    {
        GroupMessage? old = null;
        _group.Mesh.Passes = (_, _, payload) =>
        {
            bool isCommit = ControlRecord.Parse(payload, out ControlRecord record) == FcpStatus.Accepted && record.Kind == RecordKind.GroupMessage
                && GroupMessage.Parse(record.Cbor.Span, out GroupMessage? seen) == FcpStatus.Accepted && seen!.Kind == GroupMessageKind.Commit;
            if (isCommit) GroupMessage.Parse(record.Cbor.Span, out old);
            return true;
        };
        MembershipGrant added = Change(MembershipAction.Add);
        Change(MembershipAction.Remove);
        Assert.True(added.Serial > _removedBefore.Serial);
        _group.Mesh.Passes = static (_, _, _) => true;
        Assert.NotNull(old);
        GroupMessage relabelled = GroupMessage.Of(Zone, _group.Fleet["carol"].EpochOf(Zone)!.Value.Value, GroupMessageKind.Commit, old.Message.Span);
        AssertUnchanged("an old commit", ["alice", "carol", "dave"], name =>
        {
            Assert.Equal(FcpStatus.Accepted, _group.Receive("bob", name, RecordOf(old))); // known, and of no more use
            Assert.Equal(FcpStatus.InvalidGroupMessage, _group.Receive("bob", name, RecordOf(relabelled)));
        });
        AssertHonestGoOn("bob");
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 60)]
    public void Coordinator_ThatDatesItsManifestToTheEndOfTime_StopsNoNewcomer(ulong createdAt)
    {
        _group.Mesh.Passes = static (_, _, _) => false;
        NodeId erin = TestZone.NodeOf("erin");
        Assert.Equal(FcpStatus.Accepted, _group.Fleet.Owner.Add(Zone, erin, readsPast: false, _group.Now, out _));
        _group.Bring(_group.Fleet.Owner.Export([Zone]), "erin"); // who waits with a key package
        _group.Mesh.Passes = static (_, _, _) => true;
        var random = new Random(43);
        ObjectId NewId() => ObjectId.Unscoped([(byte)random.Next(256), 1]);
        var announcement = new EpochAnnouncement(new ZoneKeyId(random.Next8()), [NewId(), NewId()], new EpochId(99));
        ControlRecord manifest = _group.Announce(announcement, "alice", _group.Fleet["alice"].Keys.Sign, draft => (draft with { CreatedAtUnixSeconds = createdAt }).To(
            [KeyValuePair.Create(erin, _group.Fleet["erin"].Keys.Public.Encryption)]));
        Assert.Equal(FcpStatus.ObjectNotFound, _group.Receive("alice", "erin", manifest));
        _group.Bring(_group.Fleet.Owner.Export([Zone]));
        _group.Settle(70);
        _group.AssertMembers([.. Members, "erin"]);
    }

    public void Dispose() => _group.Dispose();

    private IEnumerable<(string What, MlsCommitPlan Plan)> Forgeries()
    {
        ulong fresh = _removedBefore.Serial + 1;
        NodeId erin = TestZone.NodeOf("erin"), carol = TestZone.NodeOf("carol"), dave = TestZone.NodeOf("dave");
        OwnerKey owner = _group.Fleet.Owner.Key;
        using OwnerKey impostor = OwnerKey.Generate(_group.Fleet.Crypto);
        using MlsKeyPackage package = ZoneGroup.NewKeyPackage(_group.MembershipOf("erin"));
        uint leaf = LeafOf("carol");
        MlsCommitPlan Adding(ReadOnlyMemory<byte> data) => new() { Add = [package.Message], AuthenticatedData = data };
        MlsCommitPlan Removing(ReadOnlyMemory<byte> data) => new() { Remove = [leaf], AuthenticatedData = data };
        MembershipGrant Grant(OwnerKey by, MembershipAction action, NodeId node, ulong serial, ZoneId? zone = null) =>
            MembershipGrant.Issue(zone ?? Zone, action, node, serial, by, TestZone.NodeOf("owner-1"), _group.Now);

        yield return ("adds without a statement", Adding(default));
        yield return ("removes without a statement", Removing(default));
        yield return ("adds by an impostor's word", Adding(Grant(impostor, MembershipAction.Add, erin, fresh).Encoded));
        yield return ("removes by an impostor's word", Removing(Grant(impostor, MembershipAction.Remove, carol, fresh).Encoded));
        yield return ("adds by the word for another node", Adding(Grant(owner, MembershipAction.Add, TestZone.NodeOf("frank"), fresh).Encoded));
        yield return ("removes by the word for another node", Removing(Grant(owner, MembershipAction.Remove, dave, fresh).Encoded));
        yield return ("adds by the word to remove", Adding(Grant(owner, MembershipAction.Remove, erin, fresh).Encoded));
        yield return ("removes by the word to add", Removing(Grant(owner, MembershipAction.Add, carol, fresh).Encoded));
        yield return ("adds by another zone's word", Adding(Grant(owner, MembershipAction.Add, erin, fresh, TestZone.ZoneOf("z:other")).Encoded));
        yield return ("adds by the word of an earlier epoch", Adding(_addedBefore.Encoded));
        yield return ("removes by a serial of an earlier epoch", Removing(Grant(owner, MembershipAction.Remove, carol, _removedBefore.Serial).Encoded));
        yield return ("removes by the word of an earlier epoch", Removing(_removedBefore.Encoded));
        yield return ("adds and removes by one word", Adding(Grant(owner, MembershipAction.Add, erin, fresh).Encoded) with { Remove = [leaf] });
        yield return ("heals beside a word", new MlsCommitPlan { AuthenticatedData = Grant(owner, MembershipAction.Add, erin, fresh).Encoded });
        byte[] cut = Grant(owner, MembershipAction.Remove, carol, fresh).Encoded[..^1].ToArray();
        yield return ("removes by a word cut short", Removing(cut));
    }

    /// <summary>The owner adds erin, or removes it: the statement is used up then.</summary>
    private MembershipGrant Change(MembershipAction action)
    {
        NodeId erin = TestZone.NodeOf("erin");
        ControlRecord record;
        FcpStatus status = action == MembershipAction.Add
            ? _group.Fleet.Owner.Add(Zone, erin, readsPast: false, _group.Now, out record)
            : _group.Fleet.Owner.Remove(Zone, erin, _group.Now, out record);
        Assert.Equal(FcpStatus.Accepted, status);
        _group.Bring([record]);
        Assert.Equal(FcpStatus.Accepted, MembershipGrant.Parse(record.Cbor.Span, out MembershipGrant? grant));
        return grant!;
    }

    private void AssertUnchanged(string what, string[] names, Action<string> receive)
    {
        foreach (string name in names)
        {
            (string Stored, EpochId? Epoch, byte[] Key) before = (_group.Fleet.Stored(name), _group.Fleet[name].EpochOf(Zone), _group.ActiveKey(name));
            receive(name);
            Assert.True(before.Stored == _group.Fleet.Stored(name), $"{what} changed what {name} has stored");
            Assert.Equal(before.Epoch, _group.Fleet[name].EpochOf(Zone));
            Assert.Equal(before.Key, _group.ActiveKey(name));
        }
    }

    private void AssertHonestGoOn(string healer)
    {
        ulong before = _group.Fleet["alice"].EpochOf(Zone)!.Value.Value;
        _group.Mesh[healer].Take(HealOrder.Of(Zone), _group.Now);
        _group.Settle(20);
        Assert.Equal(before + 1, _group.Fleet["alice"].EpochOf(Zone)!.Value.Value);
        _group.AssertMembers(Members);
        Assert.Null(_group.Fleet["erin"].EpochOf(Zone));
        Assert.All(Members, name => Assert.DoesNotContain(_group.Mesh.AlarmsOf(name), static alarm => alarm.Kind == NodeAlarmKind.Equivocation));
    }

    private uint LeafOf(string name) => (uint)Array.IndexOf(Members, name); // they joined in this order

    private static ControlRecord RecordOf(GroupMessage message) => ControlRecord.Of(RecordKind.GroupMessage, message.Encoded.Span);
}
