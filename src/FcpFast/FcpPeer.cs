using System.Net;
using FcpFast.Protocol.Ids;

namespace FcpFast;

/// <summary>A peer that an endpoint opens a session to.</summary>
/// <param name="Node">Its id; its attestation is in the state folder.</param>
/// <param name="Address">Where it listens, for datagrams and for control connections alike.</param>
public sealed record FcpPeer(NodeId Node, IPEndPoint Address);
