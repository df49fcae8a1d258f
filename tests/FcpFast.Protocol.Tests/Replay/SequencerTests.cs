using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Replay;

/// <summary>[REPLAY §4.2], [REPLAY §4.4], [REPLAY §4.5]: numbers are taken once, and the stream stops in time.</summary>
public sealed class SequencerTests
{
    private static readonly SequencerLimits Endless = new(ulong.MaxValue, ulong.MaxValue, long.MaxValue);

    [Fact]
    public void Take_InTurn_StartsAtOneWithoutGaps()
    {
        var sequencer = new Sequencer(new SenderInstanceId(7), SequencerLimits.Default, default);
        Assert.Equal(SequencerState.Fresh, sequencer.State);
        Assert.Equal(1ul, sequencer.Next.Value);
        Assert.Equal(FcpStatus.Accepted, sequencer.Take(1, 10, default, out FrameSeq first));
        Assert.Equal(1ul, first.Value);
        Assert.Equal(FcpStatus.Accepted, sequencer.Take(64, 10, default, out first));
        Assert.Equal(2ul, first.Value);
        Assert.Equal(66ul, sequencer.Next.Value);
        Assert.Equal(SequencerState.Sending, sequencer.State);
        Assert.Equal(7ul, sequencer.Instance.Value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Take_NoNumbers_IsTheCallersFault(int count) =>
        Assert.Throws<ArgumentException>(() => new Sequencer(default, Endless, default).Take(count, 0, default, out _));

    [Fact]
    public void Take_FromEightThreads_GivesDisjointRangesWithoutGaps()
    {
        const int Threads = 8, Takes = 20_000;
        var sequencer = new Sequencer(default, Endless, default);
        var taken = new List<(ulong First, int Count)>[Threads];
        using var start = new Barrier(Threads);
        Thread[] threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            var random = new Random(thread);
            taken[thread] = new List<(ulong, int)>(Takes);
            start.SignalAndWait();
            for (int i = 0; i < Takes; i++)
            {
                int count = random.Next(1, 65);
                if (sequencer.Take(count, 1, default, out FrameSeq first) == FcpStatus.Accepted) taken[thread].Add((first.Value, count));
            }
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        ulong next = 1;
        foreach ((ulong first, int count) in taken.SelectMany(static list => list).OrderBy(static range => range.First))
        {
            Assert.Equal(next, first);
            next += (ulong)count;
        }

        Assert.Equal(Threads * Takes, taken.Sum(static list => list.Count));
        Assert.Equal(next, sequencer.Next.Value);
        Assert.All(taken, static list => Assert.True(list.Zip(list.Skip(1)).All(static pair => pair.First.First < pair.Second.First)));
    }

    [Fact]
    public void Take_FromEightThreadsAcrossTheHardLimit_NeverPassesIt()
    {
        const ulong Soft = 5_000;
        var sequencer = new Sequencer(default, Endless with { SoftFrames = Soft }, default);
        long total = 0;
        ulong highest = 0;
        var gate = new Lock();
        Thread[] threads = Enumerable.Range(0, 8).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            while (true)
            {
                int count = random.Next(1, 10);
                if (sequencer.Take(count, 0, default, out FrameSeq first) != FcpStatus.Accepted) return;
                lock (gate)
                {
                    total += count;
                    highest = Math.Max(highest, first.Value + (ulong)count - 1);
                }
            }
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.Equal((ulong)total, highest);
        Assert.InRange(highest, (2 * Soft) - 9, 2 * Soft);
        Assert.Equal(SequencerState.Stopped, sequencer.State);
    }

    [Theory]
    [InlineData(100ul, ulong.MaxValue, long.MaxValue)] // by frames
    [InlineData(ulong.MaxValue, 1_000ul, long.MaxValue)] // by bytes
    [InlineData(ulong.MaxValue, ulong.MaxValue, 100L)] // by age
    public void Take_PastTheSoftThenTheHardLimit_RekeysThenStops(ulong frames, ulong bytes, long ticks)
    {
        var sequencer = new Sequencer(default, new SequencerLimits(frames, bytes, ticks), new Instant(5_000, 0));
        for (int i = 1; i <= 200; i++)
        {
            Assert.Equal(FcpStatus.Accepted, sequencer.Take(1, 10, new Instant(5_000 + i, 0), out FrameSeq first));
            Assert.Equal((ulong)i, first.Value);
            Assert.Equal(i <= 100 ? SequencerState.Sending : SequencerState.Rekeying, sequencer.State); // it goes on sending (L4)
        }

        Assert.Equal(FcpStatus.MustRekey, sequencer.Take(1, 10, new Instant(5_201, 0), out FrameSeq none));
        Assert.Equal(default, none);
        Assert.Equal(SequencerState.Stopped, sequencer.State);
        Assert.Equal(201ul, sequencer.Next.Value); // a refusal spends nothing
        Assert.Equal(FcpStatus.MustRekey, sequencer.Take(1, 0, new Instant(0, 0), out _)); // and nothing brings it back
    }

    [Fact]
    public void Take_OneBatchOverTheHardLimit_IsRefusedWhole()
    {
        var sequencer = new Sequencer(default, Endless with { SoftFrames = 100 }, default);
        Assert.Equal(FcpStatus.Accepted, sequencer.Take(150, 0, default, out _));
        Assert.Equal(FcpStatus.MustRekey, sequencer.Take(51, 0, default, out _));
        Assert.Equal(SequencerState.Stopped, sequencer.State);
    }

    [Fact]
    public void Take_UpToTheHardSequenceNumber_NeverGivesIt()
    {
        var sequencer = new Sequencer(default, Endless, default);
        ulong taken = 0, calls = SequencerLimits.HardSeq / int.MaxValue;
        for (ulong i = 0; i < calls; i++)
        {
            Assert.Equal(FcpStatus.Accepted, sequencer.Take(int.MaxValue, 0, default, out _));
            taken += int.MaxValue;
        }

        int rest = (int)(SequencerLimits.HardSeq - 1 - taken); // numbers 1 to 2^48 - 1 exist
        Assert.Equal(FcpStatus.Accepted, sequencer.Take(rest, 0, default, out FrameSeq first));
        Assert.Equal(SequencerLimits.HardSeq - 1, first.Value + (ulong)rest - 1);
        Assert.Equal(SequencerLimits.HardSeq, sequencer.Next.Value);
        Assert.Equal(FcpStatus.MustRekey, sequencer.Take(1, 0, default, out _));
        Assert.Equal(SequencerState.Stopped, sequencer.State);
    }

    [Theory]
    [InlineData(ulong.MaxValue, ulong.MaxValue, long.MaxValue)]
    [InlineData(1ul << 63, 1ul << 63, (long.MaxValue / 2) + 1)]
    public void Take_LimitsConfiguredAway_NeverThrows(ulong frames, ulong bytes, long ticks)
    {
        var sequencer = new Sequencer(default, new SequencerLimits(frames, bytes, ticks), default);
        Assert.Equal(FcpStatus.Accepted, sequencer.Take(1, 5, new Instant(long.MaxValue, 0), out _));
        Assert.NotEqual(FcpStatus.Undecided, sequencer.Take(1, ulong.MaxValue, default, out _));
    }

    [Fact]
    public void States_AnyOrderOfEvents_OnlyMoveForward() => Seeded.Run(300, static random =>
    {
        var sequencer = new Sequencer(default, new SequencerLimits(20, 1000, 50), default);
        SequencerState before = sequencer.State;
        for (int i = 0; i < 30; i++)
        {
            switch (random.Next(12))
            {
                case 0:
                    sequencer.Retire();
                    break;
                case 1 when i > 20:
                    sequencer.Stop();
                    break;
                default:
                    ulong next = sequencer.Next.Value;
                    FcpStatus status = sequencer.Take(random.Next(1, 4), (ulong)random.Next(50), new Instant(i, 0), out _);
                    Assert.Equal(status == FcpStatus.Accepted, sequencer.Next.Value > next);
                    if (before >= SequencerState.Retired) Assert.Equal(FcpStatus.MustRekey, status);
                    break;
            }

            Assert.True(sequencer.State >= before);
            before = sequencer.State;
        }
    });

    [Fact]
    public void RetireAndStop_InEveryOrder_EndAtTheLater()
    {
        var sequencer = new Sequencer(default, Endless, default);
        sequencer.Stop();
        sequencer.Retire();
        Assert.Equal(SequencerState.Stopped, sequencer.State);
        sequencer = new Sequencer(default, Endless, default);
        sequencer.Retire();
        Assert.Equal(SequencerState.Retired, sequencer.State);
        Assert.Equal(FcpStatus.MustRekey, sequencer.Take(1, 0, default, out _));
        sequencer.Stop();
        Assert.Equal(SequencerState.Stopped, sequencer.State);
    }

    [Fact]
    public void Jittered_AnyRandomBits_ReducesByAtMostATenth() => Seeded.Run(2000, static random =>
    {
        SequencerLimits limits = random.Next(2) == 0 ? SequencerLimits.Default : new SequencerLimits(random.Edge64(), random.Edge64(), random.NextInt64(long.MaxValue));
        SequencerLimits jittered = limits.Jittered(random.Edge64());
        InTenth(limits.SoftFrames, jittered.SoftFrames);
        InTenth(limits.SoftBytes, jittered.SoftBytes);
        InTenth((ulong)limits.SoftTicks, (ulong)jittered.SoftTicks);
    });

    [Fact]
    public void Jittered_ManyStreams_SpreadOverTheWholeTenth()
    {
        var random = new Random(1);
        ulong[] frames = Enumerable.Range(0, 2000).Select(_ => SequencerLimits.Default.Jittered(random.Bits64()).SoftFrames).ToArray();
        Assert.Equal(1_000_000_000ul, frames.Max());
        Assert.Equal(900_000_000ul, frames.Min());
        Assert.InRange(frames.Distinct().Count(), 90, 101);
    }

    [Fact]
    public void SkipTo_AnyFence_OnlyRaisesTheNextNumberAndByABoundedStep() => Seeded.Run(500, static random => // S6, L3
    {
        var stream = new Sequencer(new SenderInstanceId(1), new SequencerLimits(ulong.MaxValue, ulong.MaxValue, long.MaxValue), default);
        for (int step = 0; step < 50; step++)
        {
            ulong next = stream.Next.Value;
            ulong ceiling = random.Next(3) == 0 ? random.Edge64() : unchecked(next + (ulong)random.NextInt64(-5, (1L << 32) + 5));
            UInt128 most = (UInt128)next + SequencerLimits.SkipMax;
            FcpStatus expected = ceiling < next || (ceiling <= most && ceiling < SequencerLimits.HardSeq) ? FcpStatus.Accepted : FcpStatus.InvalidRequest;
            Assert.Equal(expected, stream.SkipTo(new FrameSeq(ceiling)));
            Assert.Equal(expected == FcpStatus.Accepted && ceiling >= next ? ceiling + 1 : next, stream.Next.Value);
        }
    });

    [Fact]
    public void Default_Limits_AreTheSpecifications()
    {
        Assert.Equal(new SequencerLimits(1_000_000_000, 1ul << 40, 86_400L * 10_000_000), SequencerLimits.Default); // [WIRE §8]
        Assert.Equal(1ul << 48, SequencerLimits.HardSeq); // D7
    }

    private static void InTenth(ulong limit, ulong jittered)
    {
        Assert.True(jittered <= limit);
        Assert.True((BigInteger)jittered * 10 >= (BigInteger)limit * 9, $"{jittered} of {limit}");
    }
}
