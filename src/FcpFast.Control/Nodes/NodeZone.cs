using FcpFast.Control.Manifests;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Nodes;

/// <summary>A zone as a node knows it.</summary>
/// <param name="State">Its history.</param>
/// <param name="Ring">Its keys; the control plane's own copy.</param>
public sealed record NodeZone(ZoneState State, ZoneKeyRing Ring);
