using System.Collections.Generic;
using System.Linq;
using System.Text;
using FcpFast.Host;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Tests.Support;

namespace FcpFast.Tests.Host;

/// <summary>Each node has one owner, for good; who may meet in one window has the same.</summary>
public sealed class ShardMapTests
{
    private static readonly ZoneId One = TestFleet.ZoneOf("z:one"), Two = TestFleet.ZoneOf("z:two"), Three = TestFleet.ZoneOf("z:three");

    [Fact]
    public void TryAssign_Peers_AreSpreadEvenlyAndAlwaysAlike()
    {
        PeerConfiguration[] peers = [.. Enumerable.Range(0, 20).Select(static i => Peer($"node-{i:D2}"))];
        var map = new ShardMap(3);
        var again = new ShardMap(3);
        Assert.True(map.TryAssign(peers, [], []));
        Assert.True(again.TryAssign([.. peers.Reverse()], [], []));
        Assert.Equal([7, 7, 6], Enumerable.Range(0, 3).Select(shard => peers.Count(peer => map.OwnerOf(peer.NodeId) == shard)));
        Assert.All(peers, peer => Assert.Equal(map.OwnerOf(peer.NodeId), again.OwnerOf(peer.NodeId)));
        Assert.All(peers, peer => Assert.Equal(map.OwnerOf(peer.NodeId), map.OwnerOf(Encoding.ASCII.GetBytes(peer.NodeId.ToString()))));
    }

    [Fact]
    public void TryAssign_WithARelay_KeepsEveryoneWhoMayBeBehindItWithIt()
    {
        var map = new ShardMap(2);
        PeerConfiguration[] accepting = [Peer("a"), Peer("b"), Peer("c")], direct = [Peer("d", connectsTo: true), Peer("e", connectsTo: true)];
        Assert.True(map.TryAssign([.. accepting, .. direct, Peer("relay", isRelay: true)], [], [Node("source")]));
        Assert.All(accepting, peer => Assert.Equal(0, map.OwnerOf(peer.NodeId)));
        Assert.Equal(0, map.OwnerOf(Node("relay")));
        Assert.Equal(0, map.OwnerOf(Node("source"))); // of records that an earlier process left
        Assert.All(direct, peer => Assert.Equal(1, map.OwnerOf(peer.NodeId))); // the emptier one
    }

    [Fact]
    public void TryAssign_Routes_JoinThePeersOfAZoneAndWhoSharesOneWithThem()
    {
        PeerConfiguration[] peers = [.. "abcdefgh".Select(static name => Peer(name.ToString()))];
        RelayRoute[] routes = [Route(One, "a", "b"), Route(Two, "b", "c"), Route(Three, "d", "e"), Route(Three, "f", "e")];
        var map = new ShardMap(2);
        Assert.True(map.TryAssign(peers, routes, []));
        Assert.Equal([0, 0, 0, 1, 1, 1], "abcdef".Select(name => map.OwnerOf(Node(name.ToString()))));
        Assert.Equal([0, 1], "gh".Select(name => map.OwnerOf(Node(name.ToString()))));
    }

    [Fact]
    public void TryAssign_RoutesAcrossOwners_AreRefusedAndChangeNothing()
    {
        var map = new ShardMap(2);
        Assert.True(map.TryAssign([Peer("a"), Peer("b")], [], []));
        Assert.Equal([0, 1], "ab".Select(name => map.OwnerOf(Node(name.ToString()))));
        Assert.False(map.TryAssign([Peer("c")], [Route(One, "a", "c"), Route(One, "c", "b")], []));
        Assert.True(map.TryAssign([Peer("c")], [Route(One, "b", "c")], []));
        Assert.Equal(1, map.OwnerOf(Node("c"))); // which the refused one had not settled
    }

    [Fact]
    public void Assign_NodeThatIsNew_IsOwnedForGood()
    {
        var map = new ShardMap(2);
        Assert.True(map.TryAssign([Peer("a")], [], []));
        map.Assign(Identity("b"));
        Assert.Equal(1, map.OwnerOf(Node("b")));
        map.Assign(Identity("relay", isRelay: true));
        map.Assign(Identity("behind"));
        Assert.Equal([0, 0, 1], new[] { "relay", "behind", "b" }.Select(name => map.OwnerOf(Node(name))));
        map.Assign(Identity("b", isRelay: true));
        Assert.Equal(1, map.OwnerOf(Node("b")));
    }

    [Fact]
    public void OwnerOf_Strangers_IsTheFirstShardAndRemembersNothing()
    {
        var map = new ShardMap(2);
        Assert.True(map.TryAssign([Peer("a"), Peer("b")], [], []));
        foreach (string name in (string[])["nobody", "", "\u0001", new string('x', 200)]) Assert.Equal(0, map.OwnerOf(Encoding.ASCII.GetBytes(name)));
    }

    [Fact]
    public void TryOpen_IdOfAnotherShard_IsRefusedUntilThatIsClosed()
    {
        var map = new ShardMap(4);
        var id = new SessionId(new Bytes16(7, 1)); // leads to shard 3
        Assert.Equal(3, map.ShardOf(id));
        Assert.True(map.TryOpen(id, 1)); // this node initiated it
        Assert.Equal(1, map.ShardOf(id));
        Assert.False(map.TryOpen(id, 2));
        map.Closed(id);
        Assert.Equal(3, map.ShardOf(id));
        Assert.True(map.TryOpen(id, 2));
    }

    [Fact]
    public void SessionSteering_EveryFirstByte_LeadsToOneShardAndIdsNeverLookLikeHellos()
    {
        for (int shards = 2; shards <= SessionSteering.ShardsMax; shards++)
        {
            for (int first = 0; first <= byte.MaxValue; first++)
            {
                bool isHello = first is >= SessionSteering.HelloFirst and <= SessionSteering.HelloLast;
                List<int> takers = [.. Enumerable.Range(0, shards).Where(shard => new SessionSteering(shard, shards).Takes((byte)first))];
                Assert.Equal(isHello ? [] : [SessionSteering.ShardOf((byte)first, shards)], takers);
                if (isHello) Assert.Equal(0, SessionSteering.ShardOf((byte)first, shards));
            }
        }

        Assert.True(SessionSteering.Single.Takes(SessionSteering.HelloFirst));
    }

    private static NodeId Node(string name) => TestFleet.Id(name);

    private static PeerConfiguration Peer(string name, bool connectsTo = false, bool isRelay = false) => new(Node(name), connectsTo, default, isRelay);

    private static RelayRoute Route(ZoneId zone, string from, string to) => new(zone, Node(from), [Node(to)]);

    private static PeerIdentity Identity(string name, bool isRelay = false) => new(Node(name), default, FcpStatus.Accepted, ulong.MaxValue, isRelay);
}
