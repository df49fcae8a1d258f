namespace FcpFast.Protocol.Objects;

/// <summary>One place that waits for a chunk.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="ChunkNumber">The chunk's number in it.</param>
public readonly record struct ChunkPlace(IncomingSegment Segment, int ChunkNumber);
