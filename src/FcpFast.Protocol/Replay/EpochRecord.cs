using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>The highest epoch of a zone of which a relayed frame may have been opened.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="EpochHigh">The epoch.</param>
/// <remarks>Source: [REPLAY §6.1] (epoch fence).</remarks>
public readonly record struct EpochRecord(ZoneIdHash Zone, EpochId EpochHigh);
