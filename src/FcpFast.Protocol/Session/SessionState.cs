namespace FcpFast.Protocol.Session;

/// <summary>The life of a session at one end.</summary>
/// <remarks>Source: [REPLAY §2.7], [WIRE §8].</remarks>
public enum SessionState
{
    /// <summary>The responder has sent an Ack; nothing has verified on the session yet, and nothing is sent on it.</summary>
    Unconfirmed = 0,

    /// <summary>In use.</summary>
    Established,

    /// <summary>Replaced: accepts what is under way for at most the grace time, sends nothing.</summary>
    Draining,

    /// <summary>Keys erased, windows freed.</summary>
    Closed,
}
