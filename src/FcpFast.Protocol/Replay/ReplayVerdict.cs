namespace FcpFast.Protocol.Replay;

/// <summary>What a window says of a sequence number.</summary>
/// <remarks>Source: [REPLAY §2.2], [REPLAY §3].</remarks>
public enum ReplayVerdict : byte
{
    /// <summary>No decision was taken.</summary>
    Undecided = 0,

    /// <summary>Never accepted before and not too old.</summary>
    Fresh,

    /// <summary>Accepted before.</summary>
    Duplicate,

    /// <summary>Left of the window, or not above the fence.</summary>
    TooOld,

    /// <summary>The number 0, which is never sent.</summary>
    Zero,
}
