namespace FcpFast.Transport.Udp;

/// <summary>How sending ended.</summary>
/// <remarks>Errors: the default value is never success.</remarks>
public enum SendStatus
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>All datagrams were given to the system.</summary>
    Sent,

    /// <summary>No room: wait until the port is writable, or a moment if it is already, then send the rest.</summary>
    WouldBlock,

    /// <summary>A datagram is longer than the path takes; the rest was not sent.</summary>
    TooLarge,

    /// <summary>No way to that address, or it is of another family than the port; the rest was not sent.</summary>
    Unreachable,

    /// <summary>The system refused for another reason (<see cref="UdpPort.LastError"/>); the rest was not sent.</summary>
    Failed,
}
