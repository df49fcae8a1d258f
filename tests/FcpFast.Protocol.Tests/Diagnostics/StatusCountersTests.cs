using System;
using System.Collections.Generic;
using System.Linq;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Tests.Diagnostics;

/// <summary>[WIRE §20]: one counter a refusal name.</summary>
public sealed class StatusCountersTests
{
    [Fact]
    public void Count_EveryStatus_HasACounterOfItsOwn()
    {
        var counters = new StatusCounters();
        FcpStatus[] all = Enum.GetValues<FcpStatus>();
        for (int i = 0; i < all.Length; i++) counters.Count(all[i], i + 1);
        for (int i = 0; i < all.Length; i++) Assert.Equal(i + 1, counters[all[i]]);
    }

    [Fact]
    public void Count_WithoutTimes_AddsOne()
    {
        var counters = new StatusCounters();
        counters.Count(FcpStatus.TooShort);
        counters.Count(FcpStatus.TooShort);
        counters.Count(FcpStatus.TooShort, 5);
        Assert.Equal(7, counters[FcpStatus.TooShort]);
        Assert.Equal(0, counters[FcpStatus.TooLong]);
    }

    [Fact]
    public void Count_PastTheLargestNumber_WrapsInsteadOfThrowing()
    {
        var counters = new StatusCounters();
        counters.Count(FcpStatus.Accepted, long.MaxValue);
        counters.Count(FcpStatus.Accepted, 2);
        Assert.Equal(long.MinValue + 1, counters[FcpStatus.Accepted]);
    }

    [Fact]
    public void Snapshot_SomeCounted_HoldsThoseAndNoOthers()
    {
        var counters = new StatusCounters();
        Assert.Empty(counters.Snapshot());
        counters.Count(FcpStatus.InvalidMagic, 3);
        counters.Count(FcpStatus.ReplayDuplicate);
        Dictionary<FcpStatus, long> snapshot = counters.Snapshot();
        Assert.Equal([FcpStatus.InvalidMagic, FcpStatus.ReplayDuplicate], snapshot.Keys.Order());
        Assert.Equal(3, snapshot[FcpStatus.InvalidMagic]);
        counters.Count(FcpStatus.InvalidMagic);
        Assert.Equal(3, snapshot[FcpStatus.InvalidMagic]);
    }

    [Fact]
    public void Require_FalseInvariant_StopsAndNamesIt()
    {
        Invariant.Require(true, "holds");
        Assert.Contains("two is three", Assert.Throws<InvalidOperationException>(static () => Invariant.Require(false, "two is three")).Message);
    }

    [Fact]
    public void ThrowHelper_BadArgumentAndState_ThrowWhatTheCallerCanAct()
    {
        ArgumentException bad = Assert.Throws<ArgumentException>(static () => ThrowHelper.BadArgument("width", "a width is positive"));
        Assert.Equal("width", bad.ParamName);
        Assert.Contains("a width is positive", bad.Message);
        Assert.Equal("closed", Assert.Throws<InvalidOperationException>(static () => ThrowHelper.BadState("closed")).Message);
    }
}
