using FcpFast.Control.Manifests;
using FcpFast.Protocol.Keys;

namespace FcpFast.State;

/// <summary>A zone as a node knows it.</summary>
/// <param name="State">Its history.</param>
/// <param name="Ring">Its keys.</param>
public sealed record LoadedZone(ZoneState State, ZoneKeyRing Ring);
