using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9]: when announcements are repeated and statuses are due.</summary>
public sealed class TransferTimersTests
{
    private const long Second = Instant.TicksPerSecond;
    private const ulong Credit = 8_000;

    [Fact]
    public void Announcement_UntilAStatusNamesIt_IsRepeatedAfterOneSecondDoublingToThirty()
    {
        var timer = new AnnouncementTimer();
        long now = 5 * Second;
        Assert.True(timer.IsDue(At(now)));
        timer.Sent(isOnItsWay: true, At(now));
        foreach (int pause in new[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            Assert.False(timer.IsDue(At(now + (pause * Second) - 1)));
            now += pause * Second;
            Assert.True(timer.IsDue(At(now)));
            timer.Sent(isOnItsWay: true, At(now));
        }

        timer.Reset();
        Assert.True(timer.IsDue(At(now)));
        timer.Sent(isOnItsWay: true, At(now));
        Assert.False(timer.IsDue(At(now + Second - 1)));
        Assert.True(timer.IsDue(At(now + Second)));
    }

    [Fact]
    public void Announcement_ThatFoundNoWay_IsTriedEverySecond()
    {
        var timer = new AnnouncementTimer();
        long now = 0;
        timer.Sent(isOnItsWay: true, At(now));
        timer.Sent(isOnItsWay: true, At(now));
        for (int i = 0; i < 5; i++)
        {
            timer.Sent(isOnItsWay: false, At(now));
            Assert.False(timer.IsDue(At(now + Second - 1)));
            now += Second;
            Assert.True(timer.IsDue(At(now)));
        }
    }

    [Fact]
    public void Status_AskedFor_IsDueAtOnceButNotMoreOftenThanItsLeastPause()
    {
        var schedule = new StatusSchedule();
        Assert.True(schedule.IsDue(At(0), Credit)); // the first one
        schedule.Sent(At(0), waits: false);
        schedule.Want();
        Assert.True(schedule.IsWanted);
        Assert.False(schedule.IsDue(At(TransferRules.StatusTicksMin - 1), Credit));
        Assert.True(schedule.IsDue(At(TransferRules.StatusTicksMin), Credit));
        schedule.Sent(At(TransferRules.StatusTicksMin), waits: false);
        Assert.False(schedule.IsWanted);
        Assert.Equal(TransferRules.StatusTicksMin + Second, schedule.DueTicks(Credit));
    }

    [Fact]
    public void Status_AfterAPartOfTheCredit_IsDueAtOnce()
    {
        var schedule = new StatusSchedule();
        schedule.Sent(At(0), waits: true);
        schedule.CountCompleted(999);
        Assert.Equal(TransferRules.StatusTicks, schedule.DueTicks(Credit));
        schedule.CountCompleted(1); // an eighth
        Assert.Equal(TransferRules.StatusTicksMin, schedule.DueTicks(Credit));
        schedule.Sent(At(TransferRules.StatusTicksMin), waits: true);
        Assert.Equal(TransferRules.StatusTicksMin + TransferRules.StatusTicks, schedule.DueTicks(Credit)); // counted anew
    }

    [Fact]
    public void Status_WithoutProgress_BacksOffToThirtySecondsAndNewsBringItBack()
    {
        var schedule = new StatusSchedule();
        schedule.Want();
        schedule.Sent(At(0), waits: false);
        long now = 0;
        foreach (int pause in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Assert.Equal(now + (pause * Second), schedule.DueTicks(Credit));
            now += pause * Second;
            schedule.Sent(At(now), waits: false);
        }

        schedule.NoteArrival();
        Assert.Equal(now + TransferRules.StatusTicks, schedule.DueTicks(Credit));
        schedule.Sent(At(now), waits: true);
        foreach (int pause in new[] { 1, 2, 4, 8 }) // chunks are begun: the pauses double from ten milliseconds
        {
            Assert.Equal(now + (pause * TransferRules.StatusTicks), schedule.DueTicks(Credit));
            now += pause * TransferRules.StatusTicks;
            schedule.Sent(At(now), waits: true);
        }
    }

    [Fact]
    public void Status_ThatFoundNoWay_StaysOwedAndIsTriedAgainUpToEverySecond()
    {
        var schedule = new StatusSchedule();
        schedule.Sent(At(0), waits: true);
        schedule.Want();
        schedule.CountCompleted(1_000);
        long now = Second;
        foreach (int milliseconds in new[] { 50, 100, 200, 400, 800, 1_000, 1_000 })
        {
            Assert.True(schedule.IsDue(At(now), Credit));
            schedule.Missed(At(now));
            Assert.True(schedule.IsWanted);
            now += milliseconds * Instant.TicksPerMillisecond;
            Assert.Equal(now, schedule.DueTicks(Credit));
        }

        schedule.Sent(At(now), waits: true);
        Assert.Equal(now + TransferRules.StatusTicks, schedule.DueTicks(Credit));
        schedule.Missed(At(now));
        Assert.Equal(now + TransferRules.RetryTicks, schedule.DueTicks(Credit)); // from the shortest again
    }

    [Fact]
    public void Doubled_OfAnyPause_EndsAtThirtySeconds()
    {
        Assert.Equal(2, TransferRules.Doubled(1));
        Assert.Equal(30 * Second, TransferRules.Doubled(16 * Second));
        Assert.Equal(30 * Second, TransferRules.Doubled(30 * Second));
    }

    private static Instant At(long ticks) => new(ticks, 0);
}
