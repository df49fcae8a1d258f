namespace FcpFast.Protocol.Replay;

/// <summary>Where the ceilings of lanes are made durable, ahead of their use and off the data path.</summary>
/// <remarks>Shape, errors, threads and cost are those of <see cref="IReplayStore"/>. Source: [REPLAY §5.3], [REPLAY §6.2].</remarks>
public interface ILaneStore
{
    /// <summary>Asks that a lane's ceiling becomes durable; what was asked of one lane becomes so in its order.</summary>
    bool TryPut(in LaneRecord record);

    /// <summary>The next ceiling that is durable.</summary>
    bool TryTake(out LaneRecord record);
}
