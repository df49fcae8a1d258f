using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Replay;

/// <summary>The bounds of REPLAY.md and the names of its refusals.</summary>
/// <remarks>Source: [REPLAY §1], [REPLAY §2.5], [REPLAY §2.9], [REPLAY §3].</remarks>
public static class ReplayRules
{
    /// <summary>Open lanes of a session.</summary>
    public const int LanesMax = 32;

    /// <summary>Open lanes of a session with a relay.</summary>
    public const int RelayLanesMax = 4_096;

    /// <summary>Open lanes that a relay admits on its session with another relay.</summary>
    public const int RelayIngressLanesMax = 1_024;

    /// <summary>Closed instances remembered, per open lane allowed.</summary>
    public const int TombstonesPerLane = 8;

    /// <summary>A lane may be retired after this much silence, once a newer instance of the same peer and zone is open.</summary>
    public const long LaneIdleTicks = 600 * Instant.TicksPerSecond;

    /// <summary>Content windows of one source under one zone key.</summary>
    public const int ContentWindowsPerSourceMax = 256;

    /// <summary>Streams of one source under one zone key that are announced while nothing of them has come; more are refused.</summary>
    public const int ContentStreamsExpectedMax = 8;

    /// <summary>Content windows of a node.</summary>
    public const int ContentWindowsMax = 65_536;

    /// <summary>Closed streams remembered by a node.</summary>
    public const int ContentTombstonesMax = 1 << 16;

    /// <summary>Closed streams remembered of one source under one zone key.</summary>
    public const int ContentTombstonesPerSourceMax = 1 << 12;

    /// <summary>A step above a number; the last number of all if there is no such.</summary>
    internal static ulong Above(ulong n, ulong step) => n > ulong.MaxValue - step ? ulong.MaxValue : n + step;

    /// <summary>The refusal that a window's verdict stands for.</summary>
    public static FcpStatus Refusal(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Fresh => FcpStatus.Accepted,
        ReplayVerdict.Duplicate => FcpStatus.ReplayDuplicate,
        ReplayVerdict.TooOld => FcpStatus.ReplayTooOld,
        ReplayVerdict.Zero => FcpStatus.ReplayZero,
        _ => FcpStatus.Undecided,
    };
}
