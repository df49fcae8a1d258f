using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Node;

/// <summary>Learns what happens at a node.</summary>
/// <remarks>Threads: called on the shard's thread; must not block.</remarks>
public interface INodeObserver : ITransferObserver
{
    /// <summary>The way to a peer changed.</summary>
    void LinkChanged(NodeId peer, LinkState state);

    /// <summary>A handshake with a configured peer failed; told at most once a second a peer.</summary>
    void HandshakeFailed(NodeId peer, FcpStatus reason);
}
