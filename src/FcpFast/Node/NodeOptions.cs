using System.Collections.Generic;
using FcpFast.Protocol.Admission;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Replay;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>The bounds and choices of a node.</summary>
public sealed record NodeOptions
{
    /// <summary>The largest datagram that this node sends; what it accepts is bounded by <see cref="DatagramBytesAcceptedMax"/>.</summary>
    public int DatagramBytesMax { get; init; } = WireLimits.DatagramBytesDefault;

    /// <summary>The largest datagram that this node accepts.</summary>
    public int DatagramBytesAcceptedMax { get; init; } = WireLimits.DatagramBytesMax;

    /// <summary>Width of the replay windows, 64 to 65,472.</summary>
    public int WindowFrames { get; init; } = ReplayWindow.WidthFramesDefault;

    /// <summary>Sessions with state.</summary>
    public int SessionsMax { get; init; } = SessionRules.SessionsMaxDefault;

    /// <summary>Subkeys held at once.</summary>
    public int SubkeysMax { get; init; } = 4_096;

    /// <summary>Memory for chunks in assembly; a multiple of 4,096.</summary>
    public int AssemblyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>The most that all incoming files may have under way together.</summary>
    public int CreditBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>The suites that this node takes, in its order of preference.</summary>
    public SuiteList Suites { get; init; } = new([MacSuite.Blake3, MacSuite.HmacSha256]);

    /// <summary>The weakest suite that this node takes.</summary>
    public MacSuite MinSuite { get; init; } = MacSuite.HmacSha256;

    /// <summary>Budgets of requests and of unverified traffic.</summary>
    public AdmissionLimits Admission { get; init; } = AdmissionLimits.Default;

    /// <summary>When a stream asks to be replaced.</summary>
    public SequencerLimits StreamLimits { get; init; } = SequencerLimits.Default;

    /// <summary>When a session asks to be replaced.</summary>
    public SequencerLimits SessionLimits { get; init; } = SequencerLimits.Default;

    /// <summary>What this node passes on as a relay; nothing if it is none.</summary>
    public IReadOnlyList<RelayRoute> Routes { get; init; } = [];

    /// <summary>Bytes a second that it passes on for one peer; 0 for no limit.</summary>
    public long RelayBytesPerSecondMax { get; init; }
}
