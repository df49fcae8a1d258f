using System;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Tests.Node;

/// <summary>[REPLAY §2.5]: an instance belongs to the ingress that brought it first, and no ingress takes the room of others.</summary>
public sealed class IngressTableTests
{
    private const long TenMinutes = 600 * Instant.TicksPerSecond;

    private readonly IngressTable _table = new();

    [Fact]
    public void Bind_InstanceOfAnotherIngress_IsTakenWhileThatIsUp()
    {
        PeerLink alice = Links.Link("alice"), mallory = Links.Link("mallory");
        Lane hers = Lane(7), his = Lane(7);
        Assert.Equal(FcpStatus.Accepted, Bind(hers, alice));
        for (int i = 0; i < 3; i++) Assert.Equal(FcpStatus.ReplayInstanceTaken, Bind(his, mallory)); // else a stranger could spend her numbers downstream
        Assert.Null(his.Owner);
        Assert.Equal(FcpStatus.Accepted, Bind(hers, alice));
        Assert.Equal(FcpStatus.Accepted, Bind(Lane(8), mallory));
        Assert.Equal(2, _table.Count);
    }

    [Fact]
    public void Bind_AfterItsIngressWentDown_GoesToWhoBringsItNext()
    {
        PeerLink alice = Links.Link("alice"), carol = Links.Link("carol");
        Lane before = Lane(7), after = Lane(7);
        Bind(before, alice);
        alice.State = LinkState.Down;
        Assert.Equal(FcpStatus.Accepted, Bind(after, carol)); // the stream comes by another way now
        Assert.Same(carol, after.Owner);
        alice.State = LinkState.Ready;
        Assert.Equal(FcpStatus.ReplayInstanceTaken, Bind(before, alice)); // its old lane does not remember what is no longer so
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Bind_SameIngressByANewSession_KeepsTheInstance()
    {
        PeerLink alice = Links.Link("alice");
        Bind(Lane(7), alice);
        Lane afterARekey = Lane(7);
        Assert.Equal(FcpStatus.Accepted, Bind(afterARekey, alice));
        Assert.Same(alice, afterARekey.Owner);
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Bind_OneIngressWithoutEnd_LeavesTheRoomOfOthers()
    {
        PeerLink greedy = Links.Link("greedy");
        for (ulong i = 0; i < IngressTable.InstancesPerIngressMax; i++) Assert.Equal(FcpStatus.Accepted, Bind(Lane(i), greedy));
        Assert.Equal(FcpStatus.ReplayLaneLimit, Bind(Lane(1ul << 40), greedy));
        Assert.Equal(FcpStatus.Accepted, Bind(Lane(1ul << 41), Links.Link("modest")));
        Assert.Equal(8_193, _table.Count);
    }

    [Fact]
    public void Bind_WithTheTableFull_MakesRoomOfWhatIsOver()
    {
        PeerLink[] ingress = new PeerLink[8];
        for (int peer = 0; peer < ingress.Length; peer++)
        {
            ingress[peer] = Links.Link($"peer-{peer}");
            for (ulong i = 0; i < IngressTable.InstancesPerIngressMax; i++) Bind(Lane((ulong)peer << 32 | i), ingress[peer]);
        }

        Assert.Equal(IngressTable.InstancesMax, _table.Count);
        PeerLink late = Links.Link("late");
        Assert.Equal(FcpStatus.ReplayLaneLimit, Bind(Lane(1ul << 40), late, at: 1));
        ingress[3].State = LinkState.Down;
        Assert.Equal(FcpStatus.ReplayLaneLimit, Bind(Lane(1ul << 40), late, at: Instant.TicksPerSecond)); // looked for at most once a second
        Assert.Equal(FcpStatus.Accepted, Bind(Lane(1ul << 40), late, at: 2 * Instant.TicksPerSecond));
        Assert.Equal(IngressTable.InstancesMax - 8_192 + 1, _table.Count);
    }

    [Fact]
    public void Bind_LaneThatWasSilentAndForgotten_DoesNotTakeItsInstanceBack()
    {
        PeerLink alice = Links.Link("alice"), carol = Links.Link("carol");
        Lane silent = Lane(0);
        Bind(silent, alice);
        for (ulong i = 1; i < IngressTable.InstancesPerIngressMax; i++) Bind(Lane(i, at: TenMinutes), alice);
        Assert.Equal(FcpStatus.Accepted, Bind(Lane(1ul << 40, at: TenMinutes), alice, at: TenMinutes)); // makes room of the silent one
        Lane other = Lane(0, at: TenMinutes);
        Assert.Equal(FcpStatus.Accepted, Bind(other, carol, at: TenMinutes));
        Assert.Equal(FcpStatus.ReplayInstanceTaken, Bind(silent, alice, at: TenMinutes));
        Assert.Equal(FcpStatus.Accepted, Bind(other, carol, at: TenMinutes));
    }

    /// <summary>A lane of its own session that was used last at a moment.</summary>
    private static Lane Lane(ulong instance, long at = 0)
    {
        new LaneTable(1, 1).Commit(new SenderInstanceId(instance), new FrameSeq(1), default, default, new Instant(at, 0), out Lane? lane);
        return lane ?? throw new InvalidOperationException("no lane");
    }

    private FcpStatus Bind(Lane lane, PeerLink from, long at = 0) => _table.Bind(lane, from, new Instant(at, 0));
}
