using FcpFast.Protocol.Objects;

namespace FcpFast.Simulation.Storage;

/// <summary>How files that go out are cut and read ahead.</summary>
/// <param name="SegmentBytes">Bytes of a segment, a multiple of the chunk size.</param>
/// <param name="ChunkBytes">Bytes of a chunk.</param>
/// <param name="Slots">Segments that are held in memory at once.</param>
public sealed record SourceOptions(int SegmentBytes = 1024 * 1024, int ChunkBytes = ObjectLimits.ChunkBytesDefault, int Slots = 3);
