using System;

namespace FcpFast.Control.Nodes;

/// <summary>The wall clock as a node was told it last: its groups see the same time as everything else of one turn.</summary>
internal sealed class TurnClock : TimeProvider
{
    public ulong NowUnixSeconds { get; set; }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(NowUnixSeconds, (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
}
