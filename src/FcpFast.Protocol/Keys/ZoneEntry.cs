using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Keys;

/// <summary>What the data plane knows of a zone.</summary>
/// <param name="Ring">Its keys.</param>
/// <param name="MinSuite">Frames of this zone on a session with a weaker suite are refused.</param>
/// <param name="Members">The recipients of its current manifest.</param>
/// <remarks>Source: [WIRE §12], [WIRE §14], [WIRE §8] (member).</remarks>
public sealed record ZoneEntry(ZoneKeyRing Ring, MacSuite MinSuite, IReadOnlySet<NodeId> Members);
