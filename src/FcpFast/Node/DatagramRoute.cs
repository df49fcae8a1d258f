using FcpFast.Protocol.Wire;

namespace FcpFast.Node;

/// <summary>Where datagrams go, and from which of a shard's two ports.</summary>
/// <param name="To">Where to.</param>
/// <param name="IsFromOwnPort">
/// True for a session that this node initiated: its peer drew the id, so what comes back can be steered by the port only. A host whose shard is the
/// only one has one port, for everything.
/// </param>
public readonly record struct DatagramRoute(NetAddress To, bool IsFromOwnPort);
