using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>What is stored of a lane of a session that is kept over restarts.</summary>
/// <param name="Session">The session.</param>
/// <param name="Instance">The stream.</param>
/// <param name="Zone">The zone of the frame that opened it; a hint for the idle rule only.</param>
/// <param name="ZoneKeyId">The zone key that its frames were sealed under last.</param>
/// <param name="Ceiling">No number above this one was accepted; after a restart only those above it are. The last number of all: the lane is retired.</param>
/// <remarks>Shape: a later record of a lane has no lower ceiling. Source: [REPLAY §5.3], [REPLAY §6.2].</remarks>
public readonly record struct LaneRecord(SessionId Session, SenderInstanceId Instance, ZoneIdHash Zone, ZoneKeyId ZoneKeyId, ulong Ceiling)
{
    /// <summary>The ceiling of a lane that is retired: nothing is above it.</summary>
    public const ulong Retired = ulong.MaxValue;
}
