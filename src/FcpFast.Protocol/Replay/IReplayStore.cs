using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Replay;

/// <summary>Where the receiver's part of the anti-replay state is made durable, ahead of its use and off the data path.</summary>
/// <remarks>
/// Shape:   a record that was put comes back by <c>TryTake</c> once no crash of process, system or power can lose it; not in order, and not at
///          all if it could not be stored. Of several records of one stream the highest ceilings count. A flush that failed made nothing durable.
/// Errors:  <c>TryPut</c> is false when no more can be taken now; the caller asks again with its next frame. Nothing throws.
/// Threads: one user at a time; the flushes happen on a thread of the store.
/// Cost:    no wait; at most one record a stream is under way.
/// Source:  [REPLAY §5.3], [REPLAY §6.1].
/// </remarks>
public interface IReplayStore
{
    /// <summary>Asks that a record of a stream becomes durable.</summary>
    bool TryPut(in ContentRecord record);

    /// <summary>Asks that an epoch becomes durable.</summary>
    bool TryPut(in EpochRecord record);

    /// <summary>The next record of a stream that is durable.</summary>
    bool TryTake(out ContentRecord record);

    /// <summary>The next epoch that is durable.</summary>
    bool TryTake(out EpochRecord record);

    /// <summary>The key left the zone's ring: its streams' records are of no more use.</summary>
    void Forget(ZoneIdHash zone, ZoneKeyId zoneKeyId);
}
