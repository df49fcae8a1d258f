using FcpFast.Protocol.Crypto;

namespace FcpFast.Protocol.Keys;

/// <summary>What the data plane knows of a zone.</summary>
/// <param name="Ring">Its keys.</param>
/// <param name="MinSuite">Frames of this zone on a session with a weaker suite are refused.</param>
/// <remarks>Source: [WIRE §12], [WIRE §14].</remarks>
public sealed record ZoneEntry(ZoneKeyRing Ring, MacSuite MinSuite);
