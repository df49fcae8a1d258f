using FcpFast.Protocol.Objects;

namespace FcpFast.Files;

/// <summary>How files that go out are cut and read ahead.</summary>
/// <param name="SegmentBytes">Bytes of a segment, a multiple of the chunk size.</param>
/// <param name="ChunkBytes">Bytes of a chunk.</param>
/// <param name="Slots">Segments that are held in memory at once, for all files together.</param>
public sealed record FileSourceOptions(
    int SegmentBytes = ObjectLimits.SegmentBytesDefault, int ChunkBytes = ObjectLimits.ChunkBytesDefault, int Slots = 3);
