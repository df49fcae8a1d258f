using System;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Simulation.Nodes;

/// <summary>The clocks of one machine: one that never steps and starts anew with each process, and one on the wall that may be set.</summary>
public sealed class NodeClock
{
    /// <summary>What the wall shows where a world begins.</summary>
    public const ulong WallStartUnixSeconds = 1_750_000_000;

    private readonly World _world;
    private long _startTicks;
    private long _offsetSeconds;

    internal NodeClock(World world) => _world = world;

    /// <summary>Now.</summary>
    public Instant Read() => new(
        _world.NowTicks - _startTicks + TimeSpan.TicksPerHour,
        (ulong)((long)WallStartUnixSeconds + _offsetSeconds + (_world.NowTicks / TimeSpan.TicksPerSecond)));

    /// <summary>Sets the clock on the wall forwards or backwards.</summary>
    public void Step(TimeSpan by) => _offsetSeconds += (long)by.TotalSeconds;

    /// <summary>A process starts.</summary>
    internal void Restart() => _startTicks = _world.NowTicks;

    /// <summary>The world's time of a moment of the present process; the end of time stays that.</summary>
    internal long ToWorldTicks(long ticks) =>
        ticks > long.MaxValue / 2 ? long.MaxValue : Math.Max(ticks, 0) - TimeSpan.TicksPerHour + _startTicks;
}
