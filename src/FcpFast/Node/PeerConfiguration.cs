using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>A peer, as configured.</summary>
/// <param name="NodeId">Its id; its attestation is on file.</param>
/// <param name="ConnectsTo">True if this node opens the session; false if it waits for the peer.</param>
/// <param name="Address">Where it receives datagrams; needed where <paramref name="ConnectsTo"/>.</param>
public sealed record PeerConfiguration(NodeId NodeId, bool ConnectsTo, NetAddress Address);
