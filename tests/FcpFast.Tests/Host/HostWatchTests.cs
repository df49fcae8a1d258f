using System;
using FcpFast.Host;

namespace FcpFast.Tests.Host;

/// <summary>[REPLAY §5.4]: what tells of a twin, and what does not.</summary>
public sealed class HostWatchTests
{
    private static readonly HostSigns First = new("100/5000", "boot", "copy", TimeSpan.FromHours(7), new DateTimeOffset(2026, 1, 28, 12, 0, 0, TimeSpan.Zero));

    private HostSigns _now = First;

    [Theory]
    [InlineData("101/5000", "boot", "copy", true)] // forked
    [InlineData("100/9000", "boot", "copy", true)] // restored under its old id
    [InlineData("100/5000", "other", "copy", true)]
    [InlineData("100/5000", "boot", "other", true)]
    [InlineData("100/5000", "boot", "copy", false)]
    public void Look_AtAnotherProcessOrMachine_TellsItOnce(string process, string boot, string generation, bool isTwin)
    {
        var watch = new HostWatch(() => _now);
        Assert.Null(watch.Look());
        _now = First with { Process = process, BootId = boot, Generation = generation };
        Assert.Equal(isTwin, watch.Look() is not null);
        Assert.Null(watch.Look());
        Assert.Equal(_now, watch.Last);
    }

    [Theory]
    [InlineData(0.2, 0.2, false)]
    [InlineData(0.2, 5.1, false)] // 4.9 s apart
    [InlineData(0.2, 5.3, true)]
    [InlineData(0.2, 86_400, true)] // a snapshot of yesterday
    [InlineData(0.2, -4.7, false)]
    [InlineData(0.2, -4.9, true)] // a clock that was set back
    [InlineData(28_800, 28_800, false)] // a machine that slept, and whose boot clock counts sleep
    [InlineData(28_800, 0, true)]
    public void Look_ClocksThatPart_TellsOfAJumpOfMoreThanFiveSeconds(double bootSeconds, double wallSeconds, bool isTwin)
    {
        var watch = new HostWatch(() => _now);
        _now = First with { SinceBoot = First.SinceBoot + TimeSpan.FromSeconds(bootSeconds), Wall = First.Wall + TimeSpan.FromSeconds(wallSeconds) };
        Assert.Equal(isTwin, watch.Look() is not null);
    }

    [Fact]
    public void Look_AClockThatIsSlewedForDays_TellsNothing()
    {
        var watch = new HostWatch(() => _now);
        for (int look = 0; look < 100_000; look++)
        {
            _now = _now with { SinceBoot = _now.SinceBoot + TimeSpan.FromSeconds(1), Wall = _now.Wall + TimeSpan.FromSeconds(1.0005) };
            Assert.Null(watch.Look());
        }
    }

    [Fact]
    public void Signs_OfThisProcess_StayTheSameButForTheClocks()
    {
        HostSigns first = HostIds.Look(TimeProvider.System, null), second = HostIds.Look(TimeProvider.System, null);
        Assert.Equal((first.Process, first.BootId, first.Generation), (second.Process, second.BootId, second.Generation));
        Assert.InRange(second.SinceBoot, first.SinceBoot, TimeSpan.MaxValue);
        if (!OperatingSystem.IsLinux()) return;
        Assert.StartsWith(FormattableString.Invariant($"{Environment.ProcessId}/"), first.Process, StringComparison.Ordinal);
        Assert.NotEqual("", first.BootId);
    }
}
