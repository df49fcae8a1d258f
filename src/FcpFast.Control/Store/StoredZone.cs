using FcpFast.Control.Manifests;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Store;

/// <summary>A zone as it is stored.</summary>
/// <param name="State">Its history.</param>
/// <param name="Ring">Its keys; owned by whoever loads it.</param>
public sealed record StoredZone(ZoneState State, ZoneKeyRingImage Ring);
