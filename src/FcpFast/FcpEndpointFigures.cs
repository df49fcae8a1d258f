using System.Collections.Generic;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast;

/// <summary>An endpoint's counts, those of each shard of one moment.</summary>
/// <remarks>
/// Shape:   two sums hold at every moment, whatever peers send:
///          <see cref="DatagramsReceived"/> = <see cref="DatagramsVerified"/> + those refused before;
///          <see cref="FramesReceived"/> = <see cref="FramesOpened"/> + <see cref="FramesPassedOn"/> + those refused after;
///          <see cref="FramesDropped"/> names both kinds.
///          Only a handshake datagram that is answered is in none of them.
/// Source:  [WIRE §20].
/// </remarks>
public sealed record FcpEndpointFigures
{
    /// <summary>Frames sealed and handed to the socket.</summary>
    public required long FramesSent { get; init; }

    /// <summary>Frames that verified and were fresh, probes left out.</summary>
    public required long FramesReceived { get; init; }

    /// <summary>Frames whose symbols opened and were wanted.</summary>
    public required long FramesOpened { get; init; }

    /// <summary>Frames of zones that this endpoint only passes on, as a relay.</summary>
    public required long FramesPassedOn { get; init; }

    /// <summary>What became of them on their way out, once for each peer that they were to go to: <see cref="FcpStatus.Accepted"/> or why not.</summary>
    public required IReadOnlyDictionary<FcpStatus, long> FramesForwarded { get; init; }

    /// <summary>Sessions that replaced one that was still in use.</summary>
    public required long Rekeys { get; init; }

    /// <summary>Datagrams that the system took for sending.</summary>
    public required long DatagramsSent { get; init; }

    /// <summary>Datagrams that came.</summary>
    public required long DatagramsReceived { get; init; }

    /// <summary>Datagrams that verified and were fresh, probes included.</summary>
    public required long DatagramsVerified { get; init; }

    /// <summary>Datagrams that the system dropped because the socket's buffer was full, as far as it tells.</summary>
    public required long SystemDrops { get; init; }

    /// <summary>True if datagrams wait in the socket's buffer.</summary>
    public required bool HasWaiting { get; init; }

    /// <summary>Datagrams and frames refused, by reason.</summary>
    public required IReadOnlyDictionary<FcpStatus, long> FramesDropped { get; init; }

    /// <summary>Refusals of what came over connections, by reason: handshake and control messages, and the chunks and files they announce.</summary>
    public required IReadOnlyDictionary<FcpStatus, long> ControlRefused { get; init; }

    /// <summary>Sessions with state, those included that are being replaced.</summary>
    public required int Sessions { get; init; }

    /// <summary>Sessions that this process went on with, of the process before it (mode M1).</summary>
    public required int SessionsResumed { get; init; }

    /// <summary>Bytes of chunks that are being put together.</summary>
    public required int AssemblyBytes { get; init; }

    /// <summary>Why nothing new should be given to this endpoint now; empty if it is ready.</summary>
    /// <remarks>Shape: it takes files, streams become durable, its own attestation counts, and each of its zones has a key that seals.</remarks>
    public required IReadOnlyList<string> NotReady { get; init; }

    /// <summary>The way to each peer.</summary>
    public required IReadOnlyList<FcpPeerFigures> Peers { get; init; }

    /// <summary>What there is of each zone with keys.</summary>
    public required IReadOnlyList<FcpZoneFigures> Zones { get; init; }

    /// <summary>What each shard did.</summary>
    public required IReadOnlyList<FcpShardFigures> Shards { get; init; }
}
