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
}
