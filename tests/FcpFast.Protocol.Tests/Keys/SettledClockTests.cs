using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Keys;

namespace FcpFast.Protocol.Tests.Keys;

/// <summary>[WIRE §13.3]: a clock that steps.</summary>
public sealed class SettledClockTests
{
    private const ulong Start = 1_700_000_000;

    private readonly SettledClock _clock = new();

    [Fact]
    public void Read_AClockThatGoesOn_IsThatClock()
    {
        for (int second = 0; second < 2000; second += 7) Assert.Equal(Start + (ulong)second, Read(second, Start + (ulong)second));
        Assert.False(_clock.IsSettling);
    }

    [Fact]
    public void Read_TheFirstTime_BelievesTheClock() => Assert.Equal(Start + 1_000_000, Read(5, Start + 1_000_000));

    [Fact]
    public void Read_AStepForward_CountsOnlyAfterItHasLasted()
    {
        Read(0, Start);
        Assert.Equal(Start + 1, Read(1, Start + 100_001));
        Assert.True(_clock.IsSettling);
        Assert.Equal(Start + 60, Read(60, Start + 100_060));
        Assert.Equal(Start + 100_061, Read(61, Start + 100_061));
        Assert.False(_clock.IsSettling);
        Assert.Equal(Start + 100_062, Read(62, Start + 100_062));
    }

    [Fact]
    public void Read_AStepThatIsTakenBackInTime_NeverCounted()
    {
        Read(0, Start);
        Assert.Equal(Start + 1, Read(1, Start + 100_001));
        Assert.Equal(Start + 30, Read(30, Start + 30));
        Assert.Equal(Start + 31, Read(31, Start + 100_031)); // another step: its time begins anew
        Assert.Equal(Start + 90, Read(90, Start + 100_090));
        Assert.Equal(Start + 100_091, Read(91, Start + 100_091));
    }

    [Fact]
    public void Read_TwoEpochsAhead_IsNoStep()
    {
        Read(0, Start);
        Assert.Equal(Start + 601, Read(1, Start + 601));
        Assert.Equal(Start + 602, Read(2, Start + 1203)); // one second more is
    }

    [Fact]
    public void Read_AStepBack_IsFollowedAtOnce()
    {
        Read(0, Start);
        Assert.Equal(Start - 5000, Read(1, Start - 5000));
        Assert.False(_clock.IsSettling);
    }

    private ulong Read(long second, ulong wall) => _clock.Read(new Instant((1000 + second) * Instant.TicksPerSecond, wall));
}
