using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §2.3], [REPLAY §2.5], [REPLAY §3]: the lanes of one session, at their bounds and under a peer that means harm.</summary>
public sealed class LaneTableTests
{
    private const long TenMinutes = 600 * Instant.TicksPerSecond;

    private static readonly ZoneIdHash Zone = new(new Bytes32(1, 2, 3, 4));
    private static readonly ZoneKeyId Key = new(new Bytes8(7));

    [Fact]
    public void Commit_FirstFrameOfAnInstance_OpensItsLaneAndItsOwnWindow()
    {
        var lanes = new LaneTable();
        Assert.Equal(FcpStatus.Accepted, Commit(lanes, 1, 5, out Lane? first));
        Assert.Equal(FcpStatus.Accepted, Commit(lanes, 2, 5, out Lane? second)); // the same number in another lane is another number
        Assert.NotSame(first, second);
        Assert.Equal(FcpStatus.ReplayDuplicate, Commit(lanes, 1, 5, out Lane? none));
        Assert.Null(none);
        Assert.Equal(FcpStatus.Accepted, lanes.Check(new SenderInstanceId(1), new FrameSeq(6), out Lane? found));
        Assert.Same(first, found);
        Assert.Equal((2, 1ul, Zone, Key), (lanes.Count, first!.Instance.Value, first.Zone, first.ZoneKeyId));
    }

    [Theory]
    [InlineData(0ul, FcpStatus.ReplayZero)]
    [InlineData(1ul, FcpStatus.ReplayTooOld)]
    [InlineData(72ul, FcpStatus.ReplayTooOld)]
    [InlineData(73ul, FcpStatus.Accepted)]
    [InlineData(136ul, FcpStatus.ReplayDuplicate)]
    [InlineData(137ul, FcpStatus.Accepted)]
    [InlineData(ulong.MaxValue, FcpStatus.Accepted)]
    public void Verdicts_OfAnOpenLane_HaveTheirOwnNames(ulong n, FcpStatus expected)
    {
        var lanes = new LaneTable(windowFrames: 64);
        Commit(lanes, 1, 136, out _);
        Assert.Equal(expected, lanes.Check(new SenderInstanceId(1), new FrameSeq(n), out _));
        Assert.Equal(expected, Commit(lanes, 1, n, out _));
    }

    [Fact]
    public void Check_OfAbsentLanes_PassesAndMakesNone()
    {
        var lanes = new LaneTable(lanesMax: 1);
        for (ulong instance = 0; instance < 1000; instance++)
        {
            Assert.Equal(FcpStatus.Accepted, lanes.Check(new SenderInstanceId(instance), new FrameSeq(instance), out Lane? lane));
            Assert.Null(lane);
        }

        Assert.Equal(0, lanes.Count);
    }

    [Fact]
    public void Commit_NumberZeroOfANewInstance_OpensNoLaneAndRetiresNone()
    {
        var lanes = new LaneTable(lanesMax: 2);
        Commit(lanes, 1, 1, out _, at: 0);
        Commit(lanes, 2, 1, out _, at: 1);
        Assert.Equal(FcpStatus.ReplayZero, Commit(lanes, 3, 0, out _, at: 2 * TenMinutes));
        Assert.Equal((2, 0), (lanes.Count, lanes.TombstoneCount));
    }

    [Fact]
    public void Commit_OneLaneMoreThanAllowed_IsRefusedAndHarmsNoOther()
    {
        var lanes = new LaneTable();
        for (ulong instance = 0; instance < ReplayRules.LanesMax; instance++) Assert.Equal(FcpStatus.Accepted, Commit(lanes, instance, 1, out _));
        Assert.Equal(32, lanes.Count);
        Assert.Equal(FcpStatus.ReplayLaneLimit, Commit(lanes, 99, 1, out Lane? lane));
        Assert.Null(lane);
        Assert.All(Enumerable.Range(0, 32), instance => Assert.Equal(FcpStatus.ReplayDuplicate, Commit(lanes, (ulong)instance, 1, out _)));
    }

    [Theory]
    [InlineData(TenMinutes - 1, 0, FcpStatus.ReplayLaneLimit)] // not silent for long enough
    [InlineData(TenMinutes, 0, FcpStatus.Accepted)]
    [InlineData(TenMinutes, 1, FcpStatus.ReplayLaneLimit)] // the newer instance is of another zone
    public void Commit_FullTable_RetiresOnlyByTheIdleRule(long silence, int zoneOfNewer, FcpStatus expected)
    {
        var lanes = new LaneTable(lanesMax: 2);
        Commit(lanes, 1, 1, out _, at: 0);
        Commit(lanes, 2, 1, out _, at: 1, zone: zoneOfNewer == 0 ? Zone : default);
        Assert.Equal(expected, Commit(lanes, 3, 1, out _, at: silence));
        Assert.Equal(expected == FcpStatus.Accepted ? FcpStatus.ReplayRetired : FcpStatus.ReplayDuplicate, Commit(lanes, 1, 1, out _, at: silence));
        Assert.Equal(FcpStatus.ReplayDuplicate, Commit(lanes, 2, 1, out _, at: silence)); // the newest of its zone stays, however silent
    }

    [Fact]
    public void Retire_OfAKey_TakesItsLanesAndNoOthersAndNothingReopensThem()
    {
        var lanes = new LaneTable();
        var other = new ZoneKeyId(new Bytes8(8));
        Commit(lanes, 1, 1, out _);
        Commit(lanes, 2, 1, out _, key: other);
        Commit(lanes, 3, 1, out _, zone: default(ZoneIdHash)); // another zone whose issuer chose the same key id
        lanes.Retire(Zone, Key);
        Assert.Equal((2, 1), (lanes.Count, lanes.TombstoneCount));
        foreach (ulong n in new ulong[] { 0, 1, 2, ulong.MaxValue }) Assert.Equal(FcpStatus.ReplayRetired, Commit(lanes, 1, n, out _));
        Assert.Equal(FcpStatus.ReplayDuplicate, Commit(lanes, 2, 1, out _));
        Assert.Equal(FcpStatus.ReplayDuplicate, Commit(lanes, 3, 1, out _, zone: default(ZoneIdHash)));
    }

    [Fact]
    public void Retire_WithTombstonesFull_KeepsTheLane()
    {
        var lanes = new LaneTable(lanesMax: 1);
        for (ulong instance = 0; instance < 8; instance++)
        {
            Assert.Equal(FcpStatus.Accepted, Commit(lanes, instance, 1, out _));
            lanes.Retire(Zone, Key);
        }

        Assert.Equal((0, 8), (lanes.Count, lanes.TombstoneCount));
        Assert.Equal(FcpStatus.Accepted, Commit(lanes, 8, 1, out _));
        lanes.Retire(Zone, Key);
        Assert.Equal((1, 8), (lanes.Count, lanes.TombstoneCount));
        Assert.Equal(FcpStatus.ReplayDuplicate, Commit(lanes, 8, 1, out _)); // dropped, it would have reopened empty
        Assert.Equal(FcpStatus.ReplayLaneLimit, Commit(lanes, 9, 1, out _)); // and a rekey is asked for
    }

    [Fact]
    public void Commit_FloodOfNewInstancesOnAFullTable_DoesNotSearchItEachTime()
    {
        // Each lane is of a zone of its own, so that none ever has a newer one: the search finds nothing, and would go on for ever.
        var lanes = new LaneTable(ReplayRules.RelayLanesMax, windowFrames: 1);
        for (ulong instance = 0; instance < ReplayRules.RelayLanesMax; instance++)
        {
            Commit(lanes, instance, 1, out _, at: (long)instance, zone: new ZoneIdHash(new Bytes32(instance, 0, 0, 0)));
        }

        long now = 2 * TenMinutes;
        Assert.Equal(FcpStatus.ReplayLaneLimit, Commit(lanes, ulong.MaxValue, 1, out _, at: now));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 1000; i++) Commit(lanes, (1ul << 40) + i, 1, out _, at: now + (long)i);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 100_000, $"{allocated} bytes: a search of a full table, which allocates, took place again"); // one search takes more
        Assert.Equal(4096, lanes.Count);
    }

    [Fact]
    public void Make_NoLaneAtAll_IsTheCallersFault() => Assert.Throws<ArgumentException>(static () => new LaneTable(lanesMax: 0));

    private static FcpStatus Commit(
        LaneTable lanes, ulong instance, ulong n, out Lane? lane, long at = 0, ZoneIdHash? zone = null, ZoneKeyId? key = null) =>
        lanes.Commit(new SenderInstanceId(instance), new FrameSeq(n), zone ?? Zone, key ?? Key, new Instant(at, 0), out lane);
}
