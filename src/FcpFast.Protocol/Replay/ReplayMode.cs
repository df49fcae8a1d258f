namespace FcpFast.Protocol.Replay;

/// <summary>What of its sessions a node keeps when its process ends.</summary>
/// <remarks>Source: [REPLAY §6.1], [REPLAY §6.2], D9.</remarks>
public enum ReplayMode : byte
{
    /// <summary>Nothing: sessions end with the process, their keys were never stored.</summary>
    M0 = 0,

    /// <summary>Sessions go on: keys are stored, sealed as every secret is, and each lane has a durable ceiling. Needs a witness.</summary>
    M1,
}
