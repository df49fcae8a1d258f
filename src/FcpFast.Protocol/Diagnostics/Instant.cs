using System;

namespace FcpFast.Protocol.Diagnostics;

/// <summary>One reading of both clocks, passed into every core method that needs the time.</summary>
/// <param name="Ticks">The monotonic clock in units of 100 ns (<see cref="TicksPerSecond"/>); never goes back within a process.</param>
/// <param name="UnixSeconds">The wall clock; may step in either direction.</param>
/// <remarks>
/// Threads: a value.
/// Source:  [REPLAY §6.3] (timestamps alone are never a replay defence), [STYLE 7] (core methods take <c>now</c>).
/// </remarks>
public readonly record struct Instant(long Ticks, ulong UnixSeconds)
{
    /// <summary>Ticks in a second.</summary>
    public const long TicksPerSecond = TimeSpan.TicksPerSecond;

    /// <summary>Ticks in a millisecond.</summary>
    public const long TicksPerMillisecond = TimeSpan.TicksPerMillisecond;
}
