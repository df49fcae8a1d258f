namespace FcpFast.Node;

/// <summary>How far the way to a peer is.</summary>
public enum LinkState
{
    /// <summary>No session.</summary>
    Down = 0,

    /// <summary>A connection is being made, or a handshake is under way.</summary>
    Connecting,

    /// <summary>A session is confirmed; control messages pass.</summary>
    Established,

    /// <summary>The datagram path is confirmed too: data passes.</summary>
    Ready,
}
