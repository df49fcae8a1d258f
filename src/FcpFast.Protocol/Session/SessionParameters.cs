using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>What a handshake agreed.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="Peer">The other end.</param>
/// <param name="IsInitiator">True at the end that sent the Hello.</param>
/// <param name="Suite">The MAC suite.</param>
/// <param name="DatagramBytesMax">The largest datagram that this end sends.</param>
/// <remarks>Source: [WIRE §7].</remarks>
public sealed record SessionParameters(SessionId Id, NodeId Peer, bool IsInitiator, MacSuite Suite, int DatagramBytesMax);
