using FcpFast.Interop.Kernels;
using FcpFast.Protocol.Replay;

namespace FcpFast.Tool.Demo;

/// <summary>What the demo is to do.</summary>
internal sealed record DemoPlan(long SizeBytes, string? File, bool Offload, int Suite, int DatagramBytes, Impairment? Impairment, string? Keep)
{
    /// <summary>What the processes seal and open with.</summary>
    public EngineChoice Engine { get; init; }

    /// <summary>True if a relay stands between sender and receiver.</summary>
    public bool HasRelay { get; init; }

    /// <summary>True if the zone's keys come from an MLS group, whose members change while the file moves.</summary>
    public bool IsOfAGroup { get; init; }

    /// <summary>How relayed frames are kept from coming again after a restart.</summary>
    public RelayedReplayRule RelayedReplay { get; init; }

    /// <summary>After how many seconds sessions are replaced.</summary>
    public int RekeyAfterSeconds { get; init; } = 86_400;

    /// <summary>After how many seconds the zone's key is turned; 0 for never.</summary>
    public int RotateEverySeconds { get; init; }

    /// <summary>For how many seconds the file is moved again and again; 0 for once.</summary>
    public int RepeatForSeconds { get; init; }
}
