namespace FcpFast.Transport.Streams;

/// <summary>Why a connection ended.</summary>
public enum StreamCloseReason
{
    /// <summary>It is open.</summary>
    Open = 0,

    /// <summary>This side closed it.</summary>
    ClosedHere,

    /// <summary>The port is being disposed.</summary>
    PortStopped,

    /// <summary>The other side closed it, between two messages.</summary>
    PeerClosed,

    /// <summary>The other side closed it within a message.</summary>
    Truncated,

    /// <summary>The connection broke.</summary>
    PeerReset,

    /// <summary>What came is no message of this protocol, or too long (<see cref="StreamConnection.Refusal"/>).</summary>
    Malformed,

    /// <summary>The first message was not complete in time.</summary>
    FirstMessageTimedOut,

    /// <summary>Nobody called <see cref="StreamConnection.MarkProven"/> in time.</summary>
    ProofTimedOut,

    /// <summary>A message was begun and not finished in time.</summary>
    MessageTimedOut,

    /// <summary>The other side did not take in time what was sent to it.</summary>
    SendTimedOut,

    /// <summary>More was to be sent than the queue holds.</summary>
    OutboundFull,

    /// <summary>The handler threw: a defect of this program (<see cref="StreamPort.HandlerFault"/>).</summary>
    HandlerFailed,
}
