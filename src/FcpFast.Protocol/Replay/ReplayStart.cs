using System.Collections.Generic;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>What a receiver knows of the processes before it when it starts.</summary>
/// <param name="Rule">How relayed traffic is kept from coming twice.</param>
/// <param name="Streams">The records of streams.</param>
/// <param name="Epochs">The records of epochs.</param>
/// <param name="ClockEpoch">The epoch of the clock at the start.</param>
/// <param name="IsFirst">No process of this node has opened anything before.</param>
/// <remarks>Source: [REPLAY §6.1], [REPLAY §6.2].</remarks>
public sealed record ReplayStart(
    RelayedReplayRule Rule, IReadOnlyList<ContentRecord> Streams, IReadOnlyList<EpochRecord> Epochs, EpochId ClockEpoch, bool IsFirst)
{
    /// <summary>Sessions are kept over restarts (M1): then streams of the session peer go on above their ceilings, instead of being closed.</summary>
    public bool KeepsSessions { get; init; }

    /// <summary>A node that has opened nothing yet.</summary>
    public static ReplayStart First(RelayedReplayRule rule = RelayedReplayRule.Ceilings) => new(rule, [], [], default, IsFirst: true);
}
