namespace FcpFast.Transport.Streams;

/// <summary>How making a connection ended.</summary>
/// <remarks>Errors: the default value is never success.</remarks>
public enum StreamConnectStatus
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>The connection is there.</summary>
    Connected,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>Nobody listens there.</summary>
    Refused,

    /// <summary>No way to that address.</summary>
    Unreachable,

    /// <summary>This port has as many connections as it may.</summary>
    LimitReached,

    /// <summary>This port is being disposed.</summary>
    PortStopped,

    /// <summary>Anything else; <see cref="StreamConnectResult.Error"/> tells.</summary>
    Failed,
}
