using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>A control connection, as the core knows it.</summary>
internal sealed class Connection(long number, NetAddress remote, PeerLink? link)
{
    public long Number { get; } = number;

    public NetAddress Remote { get; } = remote;

    /// <summary>The peer that was connected to, or whose session was proved on the connection.</summary>
    public PeerLink? Link { get; set; } = link;

    /// <summary>True once the peer was asked over it to prove a session that goes on after a restart.</summary>
    public bool IsChallenged { get; set; }

    /// <summary>Pings answered on it that may have been recordings.</summary>
    public int UnprovenAnswers { get; set; }
}
