using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Node;

/// <summary>A zone-sealed body that waits.</summary>
/// <param name="Instance">Its stream.</param>
/// <param name="Suite">The suite of the session that it came by.</param>
/// <param name="Payload">The body as it came.</param>
internal readonly record struct WaitingBody(SenderInstanceId Instance, MacSuite Suite, byte[] Payload);
