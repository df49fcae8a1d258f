using FcpFast.Control.Nodes;
using FcpFast.Node;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast;

/// <summary>Something that happened at an endpoint.</summary>
public abstract record FcpEndpointEvent
{
    private FcpEndpointEvent()
    {
    }

    /// <summary>The way to a peer changed.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="State">How far it is now.</param>
    public sealed record LinkChanged(NodeId Peer, LinkState State) : FcpEndpointEvent;

    /// <summary>A handshake failed.</summary>
    /// <param name="Peer">With which peer.</param>
    /// <param name="Reason">By which refusal.</param>
    public sealed record HandshakeFailed(NodeId Peer, FcpStatus Reason) : FcpEndpointEvent;

    /// <summary>A file comes in; its progress can be read from <paramref name="File"/>.</summary>
    /// <param name="File">The file.</param>
    public sealed record FileOpened(IncomingFile File) : FcpEndpointEvent;

    /// <summary>A file came in whole and has its name.</summary>
    /// <param name="File">The file.</param>
    public sealed record FileReceived(IncomingFile File) : FcpEndpointEvent;

    /// <summary>A file could not be stored; why is in <see cref="IncomingFile.FailureDetail"/>.</summary>
    /// <param name="File">The file.</param>
    public sealed record FileRefused(IncomingFile File) : FcpEndpointEvent;

    /// <summary>A zone's manifest or profile changed: a rotation, a change of members, another floor.</summary>
    /// <param name="Zone">The zone.</param>
    /// <param name="ZoneKey">The key of the manifest in force; null before the first.</param>
    /// <param name="IsMember">True if this node is a member now.</param>
    public sealed record ZoneChanged(ZoneId Zone, ZoneKeyId? ZoneKey, bool IsMember) : FcpEndpointEvent;

    /// <summary>A node's attestation counts from now on, or no longer: it expired, was revoked, or the list of revocations is stale.</summary>
    /// <param name="Node">Whose; this node's own too.</param>
    /// <param name="Standing"><c>Accepted</c>, or why it does not count.</param>
    public sealed record StandingChanged(NodeId Node, FcpStatus Standing) : FcpEndpointEvent;

    /// <summary>Something that an operator must hear of.</summary>
    /// <param name="Alarm">What.</param>
    public sealed record AlarmRaised(NodeAlarm Alarm) : FcpEndpointEvent;

    /// <summary>A record that was put into the inbox was refused.</summary>
    /// <param name="What">A file's name, or what the record is.</param>
    /// <param name="Reason">By which refusal, or why a manifest brought no key.</param>
    public sealed record RecordRefused(string What, FcpStatus Reason) : FcpEndpointEvent;
}
