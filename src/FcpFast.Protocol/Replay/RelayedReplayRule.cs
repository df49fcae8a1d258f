namespace FcpFast.Protocol.Replay;

/// <summary>What keeps a relay from bringing frames again that were opened before the receiver's last start.</summary>
/// <remarks>Source: [REPLAY §6.1].</remarks>
public enum RelayedReplayRule
{
    /// <summary>A durable ceiling a stream: a write every 32,768 frames of it, and after a start at most 65,536 numbers and the window are lost.</summary>
    Ceilings = 0,

    /// <summary>A durable epoch a zone: a write an epoch, and after a start the traffic of up to two epochs (600 s) is lost.</summary>
    EpochFence,
}
