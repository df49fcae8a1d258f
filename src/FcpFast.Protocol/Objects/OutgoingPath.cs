using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>The way to one node: its rate, its round-trip time, and the round that is being measured.</summary>
/// <remarks>Threads: the shard's thread.</remarks>
public sealed class OutgoingPath
{
    private const long RoundTicksMin = 5 * Instant.TicksPerMillisecond;
    private const long RoundTicksMax = Instant.TicksPerSecond / 2;
    private const long RoundBytesMin = 64 * 1024;
    private const long RoundTripTicksStart = 20 * Instant.TicksPerMillisecond;

    private long _roundStartedTicks;
    private long _deliveredBytes;
    private long _lostBytes;
    private long _pacedTicks;
    private long _pacedSinceTicks;
    private long _deviationTicks;
    private bool _isMeasured;

    /// <summary>Starts at a modest rate.</summary>
    public OutgoingPath(Instant now)
    {
        Rate = new RateController(now);
        _roundStartedTicks = now.Ticks;
    }

    /// <summary>The rate.</summary>
    public RateController Rate { get; }

    /// <summary>At first what a probe and its echo took, then from the sending of a chunk's last symbol to the status that shows the chunk, smoothed.</summary>
    public long RoundTripTicks { get; private set; } = RoundTripTicksStart;

    /// <summary>How long to wait before a symbol that a status calls missing is sent again: the status may be older than the symbol.</summary>
    /// <remarks>Source: [RFC 6298 §2] (four deviations; here none before the second sample).</remarks>
    public long GuardTicks => RoundTripTicks + Math.Max(4 * _deviationTicks, TransferRules.ReorderTicks);

    /// <summary>The bucket holds the sender back from now on, or does not any more.</summary>
    public void Pace(bool isHeldBack, Instant now)
    {
        if (isHeldBack == (_pacedSinceTicks != 0)) return;
        if (isHeldBack)
        {
            _pacedSinceTicks = now.Ticks;
            return;
        }

        _pacedTicks += now.Ticks - _pacedSinceTicks;
        _pacedSinceTicks = 0;
    }

    /// <summary>A probe was echoed, or a chunk that was never repaired is complete.</summary>
    /// <remarks>On a path that loses so much that every chunk is repaired, probes are the only measure.</remarks>
    public void MeasureRoundTrip(long ticks)
    {
        long sample = Math.Clamp(ticks, 1, 10 * Instant.TicksPerSecond);
        if (_isMeasured)
        {
            _deviationTicks += (Math.Abs(sample - RoundTripTicks) - _deviationTicks) / 4;
            RoundTripTicks += (sample - RoundTripTicks) / 8;
            return;
        }

        RoundTripTicks = sample;
        _isMeasured = true;
    }

    /// <summary>A status has shown what became of symbols.</summary>
    public void Count(long deliveredBytes, long lostBytes)
    {
        _deliveredBytes += deliveredBytes;
        _lostBytes += lostBytes;
    }

    /// <summary>Ends the round when it is long enough.</summary>
    public void EndRound(Instant now)
    {
        long ticks = now.Ticks - _roundStartedTicks;
        long roundBytes = ticks < RoundTicksMax ? Rate.RoundBytes : RoundBytesMin;
        if (ticks < Math.Max(RoundTripTicks, RoundTicksMin) || _deliveredBytes + _lostBytes < roundBytes) return;
        bool isHeldBack = _pacedSinceTicks != 0;
        Pace(false, now);
        Rate.Sample(_deliveredBytes, _lostBytes, ticks, wasPaced: _pacedTicks * 2 > ticks);
        if (isHeldBack) Pace(true, now);
        _roundStartedTicks = now.Ticks;
        _deliveredBytes = 0;
        _lostBytes = 0;
        _pacedTicks = 0;
    }
}
