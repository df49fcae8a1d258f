using System;
using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Objects;
using FcpFast.Protocol.Tests.Support;

namespace FcpFast.Protocol.Tests.Objects;

/// <summary>[WIRE §16.9] (pacing that neither floods nor starves): the rate of a sender on a simulated bottleneck.</summary>
public sealed class RateControlTests
{
    [Theory]
    [InlineData(1e6, 0.0, 20)]
    [InlineData(20e6, 0.0, 20)]
    [InlineData(200e6, 0.0, 20)]
    [InlineData(20e6, 0.2, 20)] // a fifth is lost at random
    [InlineData(20e6, 0.2, 100)]
    [InlineData(20e6, 0.4, 20)]
    [InlineData(2e6, 0.05, 200)]
    public void Rate_OnABottleneck_FindsItAndStaysThere(double bytesPerSecond, double randomLoss, int roundTripMilliseconds)
    {
        var path = new Bottleneck(bytesPerSecond, randomLoss, roundTripMilliseconds);
        path.Run(seconds: 15);
        (double delivered, double _) = path.Run(seconds: 15);
        Assert.True(delivered >= 0.6 * bytesPerSecond, $"starved: {delivered / bytesPerSecond:P0} of what the bottleneck lets through");
        Assert.True(delivered <= 1.01 * bytesPerSecond, "the bottleneck of this test leaks");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.2)]
    public void Rate_OfAPathThatIsFull_DoesNotFloodIt(double randomLoss)
    {
        var path = new Bottleneck(10e6, randomLoss, 20);
        path.Run(seconds: 15);
        (double _, double overflow) = path.Run(seconds: 15);
        Assert.True(overflow <= 0.2, $"{overflow:P0} of what came to the bottleneck was dropped there");
    }

    [Fact]
    public void Rate_WhenTheBottleneckWidens_ClimbsToIt()
    {
        var path = new Bottleneck(2e6, 0.1, 20);
        path.Run(seconds: 15);
        path.BytesPerSecond = 20e6;
        path.Run(seconds: 20);
        (double delivered, double _) = path.Run(seconds: 10);
        Assert.True(delivered >= 0.5 * 20e6, $"{delivered / 20e6:P0}");
    }

    [Fact]
    public void Rate_WhenTheBottleneckNarrows_FallsToIt()
    {
        var path = new Bottleneck(20e6, 0.1, 20);
        path.Run(seconds: 15);
        path.BytesPerSecond = 2e6;
        path.Run(seconds: 15);
        (double delivered, double overflow) = path.Run(seconds: 10);
        Assert.True(delivered >= 0.6 * 2e6, $"{delivered / 2e6:P0}");
        Assert.True(overflow <= 0.3, $"{overflow:P0} dropped");
    }

    [Fact]
    public void Rate_OfASenderThatIsNotHeldBack_DoesNotClimb()
    {
        // Rounds in which credit or data held the sender back say nothing of the path.
        var path = new OutgoingPath(TestNodes.Start);
        double before = path.Rate.BytesPerSecond;
        for (int i = 1; i <= 1_000; i++)
        {
            path.Count(100_000, 0);
            path.EndRound(TestNodes.Start.After(i * 0.1));
        }

        Assert.True(path.Rate.BytesPerSecond <= 2 * before, $"{before} became {path.Rate.BytesPerSecond}");
    }

    [Fact]
    public void Allowance_OverAnyTime_IsTheRateAndABoundedBurst() => Seeded.Run(20, static random =>
    {
        var path = new OutgoingPath(TestNodes.Start);
        long spent = 0;
        double seconds = 0, rate = path.Rate.BytesPerSecond;
        for (int step = 0; step < 1_000; step++)
        {
            seconds += random.Next(100) == 0 ? 5 : random.NextDouble() * 0.002;
            var now = new Instant(TestNodes.Start.Ticks + (long)(seconds * Instant.TicksPerSecond), 0);
            long allowed = path.Rate.Allowance(now);
            Assert.True(allowed <= 256 * 1024, "silence is not saved up");
            if (allowed <= 0)
            {
                long ticks = path.Rate.TicksUntil(1);
                Assert.True(ticks > 0);
                continue;
            }

            Assert.Equal(0, path.Rate.TicksUntil(1));
            long some = Math.Min(allowed, random.Next(1, 65_536));
            path.Rate.Spend(some);
            spent += some;
            Assert.True(spent <= (seconds * rate) + (256 * 1024));
        }
    });

    /// <summary>A sender with data without end before a queue of 100 ms, after a path that loses at random; the receiver reports every millisecond.</summary>
    private sealed class Bottleneck(double bytesPerSecond, double randomLoss, int roundTripMilliseconds)
    {
        private const int SymbolBytes = 1024;

        private readonly OutgoingPath _path = new(TestNodes.Start);
        private readonly Random _random = new(1);
        private readonly Queue<(long AtTicks, long Delivered, long Lost)> _reports = new();
        private long _nowTicks = TestNodes.Start.Ticks;
        private double _queuedBytes;

        public double BytesPerSecond { get; set; } = bytesPerSecond;

        /// <summary>Bytes a second that got through, and the share of what reached the bottleneck that did not.</summary>
        public (double Delivered, double Overflow) Run(double seconds)
        {
            long delivered = 0, dropped = 0, end = _nowTicks + (long)(seconds * Instant.TicksPerSecond);
            while (_nowTicks < end)
            {
                _nowTicks += Instant.TicksPerMillisecond / 2;
                var now = new Instant(_nowTicks, 0);
                (long through, long overflow, long lost) = Send(now);
                delivered += through;
                dropped += overflow;
                long queueTicks = (long)(_queuedBytes / BytesPerSecond * Instant.TicksPerSecond);
                _reports.Enqueue((_nowTicks + (roundTripMilliseconds * Instant.TicksPerMillisecond) + queueTicks, through, overflow + lost));
                while (_reports.TryPeek(out (long AtTicks, long Delivered, long Lost) report) && report.AtTicks <= _nowTicks)
                {
                    _reports.Dequeue();
                    if (report.Delivered > 0) _path.MeasureRoundTrip((roundTripMilliseconds * Instant.TicksPerMillisecond) + queueTicks);
                    _path.Count(report.Delivered, report.Lost);
                    _path.EndRound(now);
                }
            }

            return (delivered / seconds, dropped / Math.Max(1.0, delivered + dropped));
        }

        private (long Through, long Overflow, long Lost) Send(Instant now)
        {
            _queuedBytes = Math.Max(0, _queuedBytes - (BytesPerSecond * 0.0005));
            long overflow = 0, lost = 0, sent = 0, allowed = _path.Rate.Allowance(now), through = 0;
            while (allowed - sent >= SymbolBytes)
            {
                sent += SymbolBytes;
                if (_random.NextDouble() < randomLoss)
                {
                    lost += SymbolBytes;
                }
                else if (_queuedBytes + SymbolBytes > Math.Max(BytesPerSecond * 0.1, 128 * 1024))
                {
                    overflow += SymbolBytes;
                }
                else
                {
                    _queuedBytes += SymbolBytes;
                    through += SymbolBytes;
                }
            }

            _path.Rate.Spend(sent);
            _path.Pace(true, now);
            return (through, overflow, lost);
        }
    }
}
