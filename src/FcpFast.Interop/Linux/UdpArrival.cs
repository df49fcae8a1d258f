using FcpFast.Protocol.Wire;

namespace FcpFast.Interop.Linux;

/// <summary>What the kernel says of one slab that it filled.</summary>
/// <param name="Bytes">Bytes in the slab.</param>
/// <param name="SegmentBytes">Bytes of each datagram, the last may be shorter; equal to <paramref name="Bytes"/> for a single one.</param>
/// <param name="From">The sender.</param>
/// <param name="IsTruncated">The slab was too short for what came: nothing in it may be used.</param>
public readonly record struct UdpArrival(int Bytes, int SegmentBytes, NetAddress From, bool IsTruncated);
