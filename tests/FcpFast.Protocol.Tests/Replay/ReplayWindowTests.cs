using System;
using System.Linq;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §2.2], [REPLAY §2.4], [REPLAY §2.6], [WIRE §8]: single cases of the window.</summary>
public sealed class ReplayWindowTests
{
    [Fact]
    public void Commit_InOrderThenAgain_AcceptsEachOnce()
    {
        var window = new ReplayWindow(64);
        for (ulong n = 1; n <= 1000; n++) Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(n)));
        for (ulong n = 1; n <= 1000; n++)
        {
            Assert.Equal(n <= 1000 - 64 ? ReplayVerdict.TooOld : ReplayVerdict.Duplicate, window.Commit(new FrameSeq(n)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(8_128)]
    [InlineData(65_472)]
    public void Check_LeftEdge_JudgesExactlyTheWidth(int width)
    {
        int effective = Math.Max(width, 1);
        foreach (ulong highest in new[] { 100_000ul, 1ul << 32, ulong.MaxValue - 3 })
        {
            var window = new ReplayWindow(width);
            Assert.Equal(effective, window.WidthFrames);
            window.Commit(new FrameSeq(highest));
            ulong edge = highest - (ulong)effective;
            Assert.Equal(ReplayVerdict.TooOld, window.Check(new FrameSeq(edge)));
            Assert.Equal(effective == 1 ? ReplayVerdict.Duplicate : ReplayVerdict.Fresh, window.Check(new FrameSeq(edge + 1)));
        }
    }

    [Fact]
    public void Check_AnyNumber_NeverChangesTheWindow() => Seeded.Run(50, static random =>
    {
        var window = new ReplayWindow(128);
        for (int i = 0; i < 50; i++) window.Commit(new FrameSeq((ulong)random.Next(1, 300)));
        ReplayVerdict[] before = Enumerable.Range(0, 400).Select(n => window.Check(new FrameSeq((ulong)n))).ToArray();
        for (int i = 0; i < 1000; i++) window.Check(new FrameSeq(random.Edge64()));
        Assert.Equal(before, Enumerable.Range(0, 400).Select(n => window.Check(new FrameSeq((ulong)n))));
    });

    [Fact]
    public void Commit_TheLastNumberOfAll_IsAcceptedOnceAndNothingWraps()
    {
        var window = new ReplayWindow(64);
        Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(5)));
        Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(ulong.MaxValue)));
        Assert.Equal(ReplayVerdict.Duplicate, window.Commit(new FrameSeq(ulong.MaxValue)));
        Assert.Equal(ReplayVerdict.Zero, window.Commit(default));
        foreach (ulong n in new ulong[] { 1, 4, 5, 6, 63, 64, 65 }) Assert.Equal(ReplayVerdict.TooOld, window.Commit(new FrameSeq(n)));
        for (ulong back = 1; back < 64; back++) Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(ulong.MaxValue - back)));
        for (ulong back = 0; back < 64; back++) Assert.Equal(ReplayVerdict.Duplicate, window.Commit(new FrameSeq(ulong.MaxValue - back)));
        Assert.Equal(ReplayVerdict.TooOld, window.Commit(new FrameSeq(ulong.MaxValue - 64)));
    }

    [Fact]
    public void Commit_Zero_IsRefusedInEveryState()
    {
        foreach (ulong fence in new ulong[] { 0, 1, ulong.MaxValue })
        {
            var window = new ReplayWindow(64, new FrameSeq(fence));
            Assert.Equal(ReplayVerdict.Zero, window.Check(default));
            Assert.Equal(ReplayVerdict.Zero, window.Commit(default));
        }
    }

    [Fact]
    public void Fence_Set_RefusesUpToItselfAndOpensAboveIt()
    {
        var window = new ReplayWindow(8_128, new FrameSeq(1000));
        Assert.Equal(1000ul, window.Highest.Value);
        for (ulong n = 1; n <= 1000; n++) Assert.Equal(ReplayVerdict.TooOld, window.Commit(new FrameSeq(n)));
        Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(1003)));
        Assert.Equal(ReplayVerdict.TooOld, window.Commit(new FrameSeq(1000)));
        Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(1001)));
        Assert.Equal(ReplayVerdict.Duplicate, window.Commit(new FrameSeq(1001)));

        var closed = new ReplayWindow(64, new FrameSeq(ulong.MaxValue));
        Assert.Equal(ReplayVerdict.TooOld, closed.Commit(new FrameSeq(ulong.MaxValue)));
    }

    [Fact]
    public void Commit_ShuffledWithinTheWidth_AcceptsEveryNumber() => Seeded.Run(30, static random => // L2
    {
        int width = random.Next(2, 300);
        var window = new ReplayWindow(width);
        ulong[] numbers = Enumerable.Range(1, 5000).Select(static n => (ulong)n).ToArray();
        for (int at = 0; at < numbers.Length; at += width) random.Shuffle(numbers.AsSpan(at, Math.Min(width, numbers.Length - at)));
        foreach (ulong n in numbers) window.Check(new FrameSeq(n));
        int block = (width + 1) / 2; // any two numbers change their order by at most width - 1
        Array.Sort(numbers);
        for (int at = 0; at < numbers.Length; at += block) random.Shuffle(numbers.AsSpan(at, Math.Min(block, numbers.Length - at)));
        Assert.All(numbers, n => Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(n))));
    });

    [Theory]
    [InlineData(ReplayVerdict.Fresh, FcpStatus.Accepted)]
    [InlineData(ReplayVerdict.Duplicate, FcpStatus.ReplayDuplicate)]
    [InlineData(ReplayVerdict.TooOld, FcpStatus.ReplayTooOld)]
    [InlineData(ReplayVerdict.Zero, FcpStatus.ReplayZero)]
    [InlineData(ReplayVerdict.Undecided, FcpStatus.Undecided)]
    [InlineData((ReplayVerdict)77, FcpStatus.Undecided)]
    public void Refusal_EveryVerdict_HasItsName(ReplayVerdict verdict, FcpStatus status) => Assert.Equal(status, ReplayRules.Refusal(verdict));

    [Fact]
    public void Commit_NumbersCloseTogether_TakesLittleRoom()
    {
        var window = new ReplayWindow(ReplayWindow.WidthFramesDefault);
        for (ulong n = 1_000_000; n < 1_000_448; n++) Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(n)));
        Assert.Equal(64, window.RingBytes);
        window.Commit(new FrameSeq(2_000_000)); // far beyond the width: nothing to be kept
        Assert.Equal(64, window.RingBytes);
        Assert.Equal(ReplayVerdict.TooOld, window.Commit(new FrameSeq(1_000_447)));
    }

    [Theory]
    [InlineData(1_000, 500)] // below what a small ring holds
    [InlineData(1_000, 1_500)] // above it
    [InlineData(60, 571)]
    [InlineData(8_128, 1)] // the lowest that is judged
    [InlineData(1, 8_128)]
    public void Commit_NumbersThatOutgrowASmallRing_KeepsEveryOne(ulong first, ulong second)
    {
        var window = new ReplayWindow(ReplayWindow.WidthFramesDefault);
        Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(first)));
        Assert.Equal(ReplayVerdict.Fresh, window.Check(new FrameSeq(second)));
        Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(second)));
        Assert.Equal(1_024, window.RingBytes);
        Assert.Equal(ReplayVerdict.Duplicate, window.Check(new FrameSeq(first)));
        Assert.Equal(ReplayVerdict.Duplicate, window.Commit(new FrameSeq(second)));
        Assert.Equal(ReplayVerdict.Duplicate, window.Commit(new FrameSeq(first)));
        Assert.Equal(ReplayVerdict.Fresh, window.Commit(new FrameSeq(Math.Min(first, second) + 1)));
    }

    [Fact]
    public void Make_NegativeWidth_IsTheCallersFault() => Assert.Throws<ArgumentException>(static () => new ReplayWindow(-1));

    [Fact]
    public void Constants_OfTheSpecification_AreTheirNumbers()
    {
        Assert.Equal(8_128, ReplayWindow.WidthFramesDefault);
        Assert.Equal(64, ReplayWindow.WidthFramesMin);
        Assert.Equal(65_472, ReplayWindow.WidthFramesMax);
        Assert.Equal([32, 4_096, 8], [ReplayRules.LanesMax, ReplayRules.RelayLanesMax, ReplayRules.TombstonesPerLane]); // [REPLAY §1], [REPLAY §2.5]
        Assert.Equal([256, 65_536, 65_536], // [REPLAY §2.9]
            [ReplayRules.ContentWindowsPerSourceMax, ReplayRules.ContentWindowsMax, ReplayRules.ContentTombstonesMax]);
        Assert.Equal(600 * Instant.TicksPerSecond, ReplayRules.LaneIdleTicks);
    }
}
