using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Keys;

/// <summary>The wall clock as far as it may be believed for erasing: a step forward counts only once it has lasted.</summary>
/// <remarks>
/// Shape:   what is erased is gone, so a clock that was set wrong for a moment must not erase. A step is one of more than two epochs against the
///          monotonic clock; until it has lasted <see cref="SettlingTicks"/>, time goes on as if it had not happened.
/// Units:   Unix seconds.
/// Threads: one user at a time.
/// Source:  [WIRE §13.3] (a step forward).
/// </remarks>
public sealed class SettledClock
{
    /// <summary>How long a step must last.</summary>
    public const long SettlingTicks = 60 * Instant.TicksPerSecond;

    /// <summary>The largest difference that is no step.</summary>
    public const ulong StepSecondsMax = 2 * EpochSchedule.EpochSeconds;

    private Instant _anchor;
    private long? _steppedTicks;

    /// <summary>True while a step forward has not lasted long enough.</summary>
    public bool IsSettling => _steppedTicks is not null;

    /// <summary>Reads the clock at a moment, not before the last one.</summary>
    public ulong Read(Instant now)
    {
        ulong expected = _anchor == default ? now.UnixSeconds : _anchor.UnixSeconds + SecondsSince(_anchor.Ticks, now.Ticks);
        bool isAhead = now.UnixSeconds > expected && now.UnixSeconds - expected > StepSecondsMax;
        if (isAhead)
        {
            _steppedTicks ??= now.Ticks;
            if (now.Ticks - _steppedTicks < SettlingTicks) return expected;
        }

        _steppedTicks = null;
        _anchor = now;
        return now.UnixSeconds;
    }

    private static ulong SecondsSince(long from, long to) => (ulong)Math.Max(0, (to - from) / Instant.TicksPerSecond);
}
