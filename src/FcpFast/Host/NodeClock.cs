using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Host;

/// <summary>Reads both clocks of a <see cref="TimeProvider"/>.</summary>
/// <remarks>Threads: any.</remarks>
internal sealed class NodeClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Now. Ticks count from one hour before the start, so that a moment is never confused with 0.</summary>
    public Instant Read() => new(
        time.GetElapsedTime(_start).Ticks + TimeSpan.TicksPerHour, (ulong)Math.Max(0, time.GetUtcNow().ToUnixTimeSeconds()));
}
