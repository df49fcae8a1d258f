using FcpFast.Protocol.Crypto;

namespace FcpFast.Tool.Bench.Load;

/// <summary>One load between two processes.</summary>
/// <param name="Engine">The engine of both ends.</param>
/// <param name="Suite">The session MAC.</param>
/// <param name="PayloadBytes">Data of a symbol; a frame has one.</param>
/// <param name="IsObjects">True if the sender computes the id of every object, and the receiver puts objects together and verifies their ids.</param>
/// <param name="Offload">False for one datagram a system call.</param>
internal sealed record LoadPlan(string Engine, MacSuite Suite, int PayloadBytes, bool IsObjects, bool Offload = true)
{
    /// <summary>How long it runs before it is measured.</summary>
    public double WarmUpSeconds { get; init; } = 1;

    /// <summary>How long it is measured.</summary>
    public double Seconds { get; init; } = 2;

    /// <summary>Slabs that may be under way: less than the receiver's socket holds, so that nothing is lost.</summary>
    public int WindowSlabs { get; init; } = 12;

    /// <summary>The goodput that the sender keeps to; 0 for as much as it can.</summary>
    public double PacedGbps { get; init; }

    /// <summary>Forged frames a second that come from another process; 0 for none.</summary>
    public int ForgedPerSecond { get; init; }

    /// <summary>Objects in the sender's ring: 1 MiB.</summary>
    public const int Objects = 16;

    /// <summary>The step.</summary>
    public string Step => IsObjects ? Steps.UdpObjects : Steps.UdpFrames;
}
