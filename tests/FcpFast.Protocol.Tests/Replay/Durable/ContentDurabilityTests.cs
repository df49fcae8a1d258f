using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;

namespace FcpFast.Protocol.Tests.Replay.Durable;

/// <summary>[REPLAY §6.1]: content ceilings, the epoch fence, and closed direct streams.</summary>
public sealed class ContentDurabilityTests
{
    private readonly DurableWorld _world = new(RelayedReplayRule.Ceilings);

    [Fact]
    public void RelayedStream_CountsOnceItsRecordIsDurable_AndIsAskedForAheadAfterwards()
    {
        ContentStreamId stream = _world.NewStream(isDirect: false);
        Assert.Equal(FcpStatus.ReplayNotDurable, Send(stream, 1));
        Assert.Equal(FcpStatus.ReplayNotDurable, Again());
        Assert.Equal(1, _world.Store.Writes); // one record, however often the frame comes
        _world.Flush();
        Assert.Equal(FcpStatus.Accepted, Again());
        Assert.Equal(FcpStatus.ReplayDuplicate, Again());
        for (ulong n = 2; n < 40; n++)
        {
            Assert.Equal(FcpStatus.Accepted, Send(stream, n)); // a store that keeps up is never waited for
            if (n % 2 == 0) _world.Flush();
        }

        Assert.InRange(_world.Store.Writes, 10, 21); // one a half step of 4 numbers
    }

    [Fact]
    public void RelayedStream_WhoseNumbersJump_HasOneRecordUnderWay()
    {
        ContentStreamId stream = _world.NewStream(isDirect: false);
        for (ulong n = 1; n < 1_000_000; n *= 10) Assert.Equal(FcpStatus.ReplayNotDurable, Send(stream, n));
        Assert.Equal(1, _world.Store.Writes);
        _world.Flush();
        Assert.Equal(FcpStatus.ReplayNotDurable, Send(stream, 2_000_000)); // only now is the next one asked for
        Assert.Equal(2, _world.Store.Writes);
        _world.Flush();
        Assert.Equal(FcpStatus.Accepted, Again());
    }

    [Fact]
    public void FirstBody_OfARelayedStream_OpensTheWayForItsSymbols()
    {
        ContentStreamId stream = _world.NewStream(isDirect: false);
        Assert.Equal(FcpStatus.ReplayNotDurable, Send(stream, 1, isBody: true));
        _world.Flush();
        Assert.Equal(FcpStatus.Accepted, Again());
        Assert.Equal(FcpStatus.Accepted, Send(stream, 1));
    }

    [Fact]
    public void DirectStream_IsWrittenOnce()
    {
        ContentStreamId stream = _world.NewStream(isDirect: true);
        Assert.Equal(FcpStatus.ReplayNotDurable, Send(stream, 1));
        _world.Flush();
        for (ulong n = 1; n < 1000; n++) Assert.Equal(FcpStatus.Accepted, Send(stream, n));
        Assert.Equal(1, _world.Store.Writes);
    }

    /// <summary>The record of an announced stream is durable before its first frame, which opens at once.</summary>
    [Fact]
    public void DirectStream_ThatWasAnnounced_CountsFromItsFirstFrame()
    {
        ContentStreamId stream = _world.NewStream(isDirect: true);
        Assert.Equal(FcpStatus.ReplayNotDurable, _world.Expect(stream));
        Assert.Equal(FcpStatus.ReplayNotDurable, _world.Expect(stream));
        Assert.Equal(1, _world.Store.Writes);
        _world.Flush(fails: true);
        Assert.Equal(FcpStatus.ReplayNotDurable, _world.Expect(stream));
        _world.Flush();
        Assert.Equal(FcpStatus.Accepted, _world.Expect(stream));
        Assert.Equal(FcpStatus.Accepted, Send(stream, 1));
        Assert.Equal(FcpStatus.ReplayDuplicate, Again());
        Assert.Equal(FcpStatus.Accepted, Send(stream, 1, isBody: true));
        Assert.Equal(1, _world.Store.Writes);
        _world.Crash(keeps: null);
        Assert.Equal(FcpStatus.ReplayRetired, _world.Expect(stream)); // of a life before
    }

    [Fact]
    public void DirectStream_AfterAStart_IsClosedOnEveryPath()
    {
        ContentStreamId stream = _world.NewStream(isDirect: true);
        Send(stream, 1);
        _world.Flush();
        Send(stream, 2);
        _world.Crash(keeps: null);
        _world.Seal(stream, false, 1000);
        Assert.Equal(FcpStatus.ReplayRetired, _world.Deliver(_world.Sealed[^1], isDirect: false));
        Assert.Equal(FcpStatus.ReplayRetired, _world.Deliver(_world.Sealed[^1], isDirect: true));
    }

    [Fact]
    public void RelayedStream_AfterAStart_GoesOnAboveItsCeiling()
    {
        ContentStreamId stream = _world.NewStream(isDirect: false);
        Send(stream, 1);
        _world.Flush(); // up to 1 + 4
        Assert.Equal(FcpStatus.Accepted, Send(stream, 2));
        _world.Crash(keeps: null);
        for (ulong n = 1; n <= 1 + DurableWorld.SymbolsStep; n++) Assert.Equal(FcpStatus.ReplayTooOld, Send(stream, n));
        Assert.Equal(FcpStatus.ReplayNotDurable, Send(stream, 2 + DurableWorld.SymbolsStep));
        _world.Flush();
        Assert.Equal(FcpStatus.Accepted, Again());
    }

    [Fact]
    public void NothingThatDidNotOpen_IsWritten()
    {
        var windows = new ContentWindows(64, new ContentDurability(_world.Store, ReplayStart.First()));
        ContentStream? stream = null;
        Assert.Equal(FcpStatus.Accepted, windows.Prepare(_world.NewStream(isDirect: false), ref stream));
        Assert.Equal(FcpStatus.Accepted, windows.CheckSymbols(stream!, new ContentFrame(new FrameSeq(5), default, IsDirect: false)));
        Assert.Equal((0, 0), (_world.Store.Writes, windows.Count));
    }

    [Fact]
    public void Ceiling_AtTheEndOfTheNumbers_DoesNotWrap()
    {
        ContentStreamId stream = _world.NewStream(isDirect: false);
        Assert.Equal(FcpStatus.ReplayNotDurable, Send(stream, ulong.MaxValue - 1));
        _world.Flush();
        Assert.Equal(FcpStatus.Accepted, Again());
        Assert.Equal(FcpStatus.Accepted, Send(stream, ulong.MaxValue));
        _world.Crash(keeps: null);
        Assert.Equal(FcpStatus.ReplayTooOld, Again());
    }

    [Fact]
    public void EpochFence_AfterAStart_RefusesTwoEpochsOfRelayedTrafficOnly()
    {
        var world = new DurableWorld(RelayedReplayRule.EpochFence);
        ContentStreamId relayed = world.NewStream(isDirect: false);
        world.Seal(relayed, false, 1);
        Assert.Equal(FcpStatus.ReplayNotDurable, world.Deliver(world.Sealed[^1], isDirect: false));
        world.Flush();
        Assert.Equal(FcpStatus.Accepted, world.Deliver(world.Sealed[^1], isDirect: false));
        world.Crash(keeps: null);
        ContentStreamId direct = world.NewStream(isDirect: true);
        world.Seal(direct, false, 1);
        Assert.Equal(FcpStatus.ReplayNotDurable, world.Deliver(world.Sealed[^1], isDirect: true)); // not fenced: its record is on the way
        for (ulong n = 2; n < 4; n++)
        {
            world.Seal(relayed, false, n);
            Assert.Equal(FcpStatus.ReplayFenced, world.Deliver(world.Sealed[^1], isDirect: false));
            world.MoveClock(1);
        }

        world.Seal(relayed, false, 4); // two epochs on
        Assert.Equal(FcpStatus.ReplayNotDurable, world.Deliver(world.Sealed[^1], isDirect: false));
        world.Flush();
        Assert.Equal(FcpStatus.Accepted, world.Deliver(world.Sealed[^1], isDirect: false));
    }

    [Fact]
    public void EpochFence_WithAClockSetBack_IsNotLowered()
    {
        var world = new DurableWorld(RelayedReplayRule.EpochFence);
        ContentStreamId relayed = world.NewStream(isDirect: false);
        world.MoveClock(10);
        world.Seal(relayed, false, 1);
        world.Deliver(world.Sealed[^1], isDirect: false);
        world.Flush();
        Assert.Equal(FcpStatus.Accepted, world.Deliver(world.Sealed[^1], isDirect: false));
        world.MoveClock(-20);
        world.Crash(keeps: null);
        Assert.Equal(FcpStatus.ReplayFenced, world.Deliver(world.Sealed[0], isDirect: false));
    }

    [Theory]
    [InlineData(RelayedReplayRule.Ceilings)]
    [InlineData(RelayedReplayRule.EpochFence)]
    public void FenceRelayed_InARunningProcess_RefusesTwoEpochsOfRelayedTrafficOnlyAndIsNotLowered(RelayedReplayRule rule)
    {
        var windows = new ContentWindows(64, new ContentDurability(_world.Store, ReplayStart.First(rule)));
        ContentStream? stream = null;
        Assert.Equal(FcpStatus.Accepted, windows.Prepare(_world.NewStream(isDirect: false), ref stream));
        windows.FenceRelayed(new EpochId(10));
        windows.FenceRelayed(new EpochId(8)); // a clock that was set back
        foreach (ulong epoch in (ulong[])[9, 10, 11, 12])
        {
            var frame = new ContentFrame(new FrameSeq(5), new EpochId(epoch), IsDirect: false);
            Assert.Equal(epoch > 11 ? FcpStatus.Accepted : FcpStatus.ReplayFenced, windows.CheckSymbols(stream!, frame));
            Assert.Equal(FcpStatus.Accepted, windows.CheckSymbols(stream!, frame with { IsDirect = true }));
        }
    }

    private FcpStatus Send(ContentStreamId stream, ulong n, bool isBody = false)
    {
        _world.Seal(stream, isBody, n);
        return Again();
    }

    private FcpStatus Again() => _world.Deliver(_world.Sealed[^1], _world.IsDirect(_world.Sealed[^1].Stream));
}
