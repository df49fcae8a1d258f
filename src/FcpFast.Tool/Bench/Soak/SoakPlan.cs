using System;

namespace FcpFast.Tool.Bench.Soak;

/// <summary>What a soak is to do; together with the seed it can be repeated, but for what the system decides.</summary>
/// <param name="Duration">The paced part; finding out what this machine carries comes before it.</param>
/// <param name="Peers">Nodes that send to the gateway.</param>
/// <param name="Seed">Draws who is killed and what strangers send.</param>
internal sealed record SoakPlan(TimeSpan Duration, int Peers, int Seed)
{
    /// <summary>The share of what was carried unpaced that is sent.</summary>
    public double Load { get; init; } = 0.7;

    /// <summary>Bytes of an object.</summary>
    public int ObjectBytes { get; init; } = 1024 * 1024;

    /// <summary>Datagrams of strangers a second.</summary>
    public int HostilePerSecond { get; init; } = 3000;

    /// <summary>A native build that the relay runs as; null for this program.</summary>
    public string? Edge { get; init; }

    /// <summary>How long the machine is loaded without a pace.</summary>
    public TimeSpan Calibration => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 10, 4, 30));

    /// <summary>How often everything is read: a minute, or a sixth of a short run.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 6, 3, 60));

    /// <summary>How old a session becomes: each is replaced several times.</summary>
    public int RekeyAfterSeconds => Math.Max(2, (int)(Interval.TotalSeconds / 2));

    /// <summary>Peers behind the relay; it sends what the gateway says to each of them.</summary>
    public int Relayed => Math.Max(1, Peers / 5);
}
