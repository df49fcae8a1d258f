using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>A peer, as configured.</summary>
/// <param name="NodeId">Its id; its attestation is on file.</param>
/// <param name="ConnectsTo">True if this node opens the session; false if it waits for the peer.</param>
/// <param name="Address">Where it receives datagrams; needed where <paramref name="ConnectsTo"/>.</param>
/// <param name="IsRelay">True if it passes on frames of other nodes: then an instance's source must be proven, and there is room for many.</param>
public sealed record PeerConfiguration(NodeId NodeId, bool ConnectsTo, NetAddress Address, bool IsRelay = false);
