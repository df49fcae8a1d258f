using System;
using FcpFast.Control.Manifests;
using FcpFast.Protocol.Keys;

namespace FcpFast.Control.Store;

/// <summary>What becomes of one zone in a change.</summary>
/// <param name="Before">Its state as it is stored; null for a new zone.</param>
/// <param name="After">Its state after the change.</param>
public sealed record ZoneChange(ZoneState? Before, ZoneState After)
{
    /// <summary>All of its keys after the change; null if they stay as they are. Stays the caller's.</summary>
    public ZoneKeyRingImage? Ring { get; init; }

    /// <summary>A manifest's or a profile's bytes, to be kept whole for others; null if they are not to be kept.</summary>
    public ReadOnlyMemory<byte>? Record { get; init; }
}
