using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Control.Groups;
using FcpFast.Control.Manifests;
using FcpFast.Control.Nodes;
using FcpFast.Control.Records;
using FcpFast.Control.Store;
using FcpFast.Control.Tests.Groups;
using FcpFast.Control.Tests.Support;
using FcpFast.Mls;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Tests.Nodes;

/// <summary>[WIRE §14]: a member that floods the group with messages fills its own share of the store, and neither starves others' commits and Welcomes nor their budgets.</summary>
public sealed class GroupFloodTests : IDisposable
{
    private static readonly ZoneId Zone = OwnedFleet.Zone;

    private readonly GroupFleet _group = new(61, "alice", "bob", "carol", "dave", "erin");
    private readonly Random _random = new(61);

    public GroupFloodTests()
    {
        _group.Create("bob", "carol", "dave");
        foreach ((string one, string other) in ((string, string)[])[("bob", "carol"), ("bob", "dave"), ("carol", "dave")]) _group.Mesh.Connect(one, other, _group.Now);
        _group.Settle(2);
    }

    [Theory]
    [InlineData(GroupMessageKind.Welcome, 600, 200)]
    [InlineData(GroupMessageKind.Commit, 600, 200)]
    [InlineData(GroupMessageKind.Proposal, 600, 200)]
    [InlineData(GroupMessageKind.Welcome, 24, 1_000_000)]
    public void Flood_OfWhatNobodyCanVerify_TakesTheSendersShareOnly(GroupMessageKind kind, int count, int bytes)
    {
        foreach (string name in (string[])["bob", "carol", "dave"]) _group.Mesh.Disconnect("alice", name); // carol's commit is to wait at dave, with the flood behind it
        ulong epoch = EpochOf("alice");
        _group.Mesh["carol"].Take(HealOrder.Of(Zone), _group.Now);
        _group.Mesh.Deliver(_group.Now);
        int passed = 0;
        _group.Mesh.Passes = (from, to, payload) =>
        {
            bool isOfTheFlood = from == TestZone.NodeOf("dave") && ControlRecord.Parse(payload, out ControlRecord record) == FcpStatus.Accepted && record.Kind == RecordKind.GroupMessage;
            if (isOfTheFlood && to == TestZone.NodeOf("carol")) passed++;
            return true;
        };
        for (int i = 0; i < count; i++) Assert.Equal(FcpStatus.Accepted, _group.Receive("bob", "dave", Garbage(kind, epoch + 1, bytes)));
        _group.Mesh.Deliver(_group.Now);
        Assert.InRange(passed, 1, RecordExchange.UnprovenMax);
        (int messages, long kept) = KeptAt("dave", kind, epoch + 1);
        Assert.InRange(messages, 1, StoreGroupWriter.SourceMessagesMax);
        Assert.InRange(kept, 1, StoreGroupWriter.SourceBytesMax);

        _group.Mesh.Passes = static (_, _, _) => true;
        _group.Mesh.Disconnect("bob", "carol");
        _group.Mesh.Connect("alice", "dave", _group.Now); // from whom alice hears of carol's commit
        _group.Settle(20);
        Assert.Equal(epoch + 1, EpochOf("alice"));
        Assert.Equal(epoch + 1, EpochOf("carol"));
        _group.Mesh.Connect("dave", "erin", _group.Now);
        _group.Add("erin"); // and so do Welcomes
        _group.Mesh.Connect("alice", "bob", _group.Now);
        _group.Settle(70);
        _group.AssertMembers("alice", "bob", "carol", "dave", "erin");
    }

    [Fact]
    public void Flood_OfRightCommits_EndsAtTheirMakersShareAndOthersAreOrdered()
    {
        using Rogue bob = _group.RogueOf("bob");
        _group.Settle(2);
        _group.Mesh.Disconnect("alice", "dave");
        _group.Mesh.Disconnect("alice", "carol");
        _group.Mesh.Disconnect("alice", "bob");
        var refusals = new List<FcpStatus>();
        for (int i = 0; i < 12; i++)
        {
            (GroupMessage commit, _) = bob.Commit(new MlsCommitPlan());
            FcpStatus status = _group.Receive("bob", "dave", ControlRecord.Of(RecordKind.GroupMessage, commit.Encoded.Span));
            if (status != FcpStatus.Accepted) refusals.Add(status);
        }

        Assert.Equal(Enumerable.Repeat(FcpStatus.RecordBudgetExceeded, 4), refusals);
        ulong epoch = EpochOf("alice");
        _group.Mesh["carol"].Take(HealOrder.Of(Zone), _group.Now);
        _group.Settle(2);
        Assert.Equal(NodeGroup.CommitsOfMemberMax + 1, KeptAt("dave", GroupMessageKind.Commit, epoch).Messages);
        _group.Mesh.Disconnect("bob", "dave"); // who follows none of its own commits any more
        _group.Mesh.Disconnect("bob", "carol");
        _group.Mesh.Connect("alice", "dave", _group.Now);
        _group.Settle(20);
        Assert.True(EpochOf("alice") >= epoch + 2, "both one of bob's and carol's are ordered");
        _group.AssertAgree("alice", "carol", "dave");
    }

    [Fact]
    public void Healings_ThatWaitForRoom_AreOrderedByWhoWaitedLongest()
    {
        for (ulong before = 0; before != EpochOf("alice");)
        {
            before = EpochOf("alice");
            _group.Mesh["bob"].Take(HealOrder.Of(Zone), _group.Now);
            _group.Settle(6);
        }

        ulong full = EpochOf("alice"); // bob's last one waits until a key is erased
        _group.Mesh["carol"].Take(HealOrder.Of(Zone), _group.Now);
        _group.Settle(2);
        Assert.Equal(2, KeptAt("alice", GroupMessageKind.Commit, full).Messages);
        byte[] carols = Read("alice", store => store.ReadMessages(Zone, GroupMessageKind.Commit, full))[1];
        int manifests = ManifestsAt("alice").Count;
        for (int second = 0; EpochOf("alice") == full; second++)
        {
            Assert.InRange(second, 0, 3600);
            _group.Settle(1);
        }

        Assert.Equal(ObjectId.Unscoped(carols), new ObjectId(ManifestsAt("alice")[manifests].Header.Refs[1])); // bob's came first
    }

    public void Dispose() => _group.Dispose();

    private ulong EpochOf(string name) => _group.Fleet[name].EpochOf(Zone)!.Value.Value;

    private ControlRecord Garbage(GroupMessageKind kind, ulong epoch, int bytes)
    {
        byte[] content = new byte[bytes];
        _random.NextBytes(content);
        return ControlRecord.Of(RecordKind.GroupMessage, GroupMessage.Of(Zone, epoch, kind, content).Encoded.Span);
    }

    private (int Messages, long Bytes) KeptAt(string name, GroupMessageKind kind, ulong epoch)
    {
        IReadOnlyList<byte[]> kept = Read(name, store => store.ReadMessages(Zone, kind, epoch));
        return (kept.Count, kept.Sum(static record => (long)record.Length));
    }

    private List<ZoneKeyManifest> ManifestsAt(string name) =>
    [
        .. Read(name, store => store.ReadRecords(Zone, null, int.MaxValue)).Where(static record => record.Kind == RecordKind.Manifest)
            .Select(static record => ZoneKeyManifest.Parse(record.Cbor.Span, out ZoneKeyManifest? manifest) == FcpStatus.Accepted ? manifest! : throw new InvalidOperationException()),
    ];

    private T Read<T>(string name, Func<StateStore, T> read)
    {
        using StateStore store = StateStore.OpenPublic(_group.Fleet.FolderOf(name), _group.Fleet.Crypto);
        return read(store);
    }
}
