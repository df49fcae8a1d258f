namespace FcpFast.Interop.Linux;

/// <summary>How a call on a UDP socket ended.</summary>
/// <remarks>Errors: the default value is never success.</remarks>
public enum UdpStatus
{
    /// <summary>No decision was taken: a defect if it is ever seen.</summary>
    Undecided = 0,

    /// <summary>Sent, or received at least one.</summary>
    Done,

    /// <summary>Nothing to receive, or no room to send: wait, then try again.</summary>
    WouldBlock,

    /// <summary>The path does not take this run of datagrams at once; one by one it may. Other paths and sizes are not affected.</summary>
    OffloadRefused,

    /// <summary>The device does not segment at all: send one by one from now on.</summary>
    OffloadUnsupported,

    /// <summary>The datagram is longer than the path takes.</summary>
    TooLarge,

    /// <summary>No way to that address, or it is of another family than the socket.</summary>
    Unreachable,

    /// <summary>Somebody answered earlier datagrams with "port unreachable"; anyone can send such an answer.</summary>
    PeerRefused,

    /// <summary>Anything else; <see cref="UdpResult.Errno"/> tells.</summary>
    Failed,
}
