using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>Who this node is in handshakes.</summary>
/// <param name="NodeId">Its id.</param>
/// <param name="SigningSeed">The seed of its signing key, 32 bytes.</param>
public sealed record LocalIdentity(NodeId NodeId, SecretKey SigningSeed);
