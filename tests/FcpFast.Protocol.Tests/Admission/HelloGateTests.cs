using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Tests.Admission;

/// <summary>[WIRE §7.4] (under load), [REPLAY §6.3]: how many Hellos are looked at, and when there are so many that each needs a cookie.</summary>
public sealed class HelloGateTests
{
    [Fact]
    public void Enter_DatagramsBeyondTheLimit_AreDroppedUnreadUntilTheSecondIsOver()
    {
        var gate = new HelloGate();
        for (int i = 0; i < 20_000; i++) Assert.Equal(FcpStatus.Accepted, gate.Enter(isDatagram: true, new Instant(100, 0)));
        for (int i = 0; i < 200_000; i++) Assert.Equal(FcpStatus.HelloBudgetExceeded, gate.Enter(isDatagram: true, new Instant(200, 0)));
        Assert.Equal(FcpStatus.Accepted, gate.Enter(isDatagram: false, new Instant(200, 0))); // a peer that connects is not crowded out
        Assert.Equal(FcpStatus.HelloBudgetExceeded, gate.Enter(isDatagram: true, new Instant(99 + Instant.TicksPerSecond, 0)));
        Assert.Equal(FcpStatus.Accepted, gate.Enter(isDatagram: true, new Instant(100 + Instant.TicksPerSecond, 0)));
    }

    [Fact]
    public void IsUnderLoad_MoreThanTwoHundredInASecond_LastsForTenSeconds()
    {
        var gate = new HelloGate();
        for (int i = 0; i < 200; i++) gate.Enter(isDatagram: i % 2 == 0, new Instant(100, 0));
        Assert.False(gate.IsUnderLoad(new Instant(100, 0)));
        gate.Enter(isDatagram: false, new Instant(500, 0));
        Assert.True(gate.IsUnderLoad(new Instant(500, 0)));
        Assert.True(gate.IsUnderLoad(new Instant(499 + (10 * Instant.TicksPerSecond), 0)));
        Assert.False(gate.IsUnderLoad(new Instant(500 + (10 * Instant.TicksPerSecond), 0)));
    }

    [Fact]
    public void IsUnderLoad_TwoHundredInEverySecond_IsNone()
    {
        var gate = new HelloGate();
        for (int second = 0; second < 20; second++)
        {
            for (int i = 0; i < 200; i++) gate.Enter(isDatagram: true, new Instant(second * Instant.TicksPerSecond, 0));
            Assert.False(gate.IsUnderLoad(new Instant(second * Instant.TicksPerSecond, 0)));
        }
    }

    [Fact]
    public void IsUnderLoad_FloodWithoutEnd_IsRememberedFromItsLastHello()
    {
        var gate = new HelloGate();
        for (long i = 0; i < 100_000; i++) gate.Enter(isDatagram: true, new Instant(i * 1_000, 0)); // 10,000 a second, for ten seconds
        Assert.True(gate.IsUnderLoad(new Instant(100_000_000 + (9 * Instant.TicksPerSecond), 0)));
        Assert.Equal(FcpStatus.Accepted, gate.Enter(isDatagram: true, new Instant(100_000_000, 0)));
    }
}
