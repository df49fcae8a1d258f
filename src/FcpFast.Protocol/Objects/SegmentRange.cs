namespace FcpFast.Protocol.Objects;

/// <summary>Complete segments side by side.</summary>
/// <param name="First">The first.</param>
/// <param name="Count">How many, at least one.</param>
/// <remarks>Source: [WIRE §16.9].</remarks>
public readonly record struct SegmentRange(ulong First, ulong Count);
