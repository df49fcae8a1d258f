using System;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The ids of chunks: keyed, so that no relay can test guesses of their content.</summary>
/// <remarks>Source: [WIRE §17].</remarks>
public static class ChunkIds
{
    private static readonly SchemaHash RawChunk = Schemas.RawChunk.ComputeHash();

    /// <summary>The id of a chunk's bytes.</summary>
    /// <param name="hasher">Scratch; erased of the key before return.</param>
    /// <param name="objectIdKey">32 secret bytes.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="chunk">Exactly what the symbols carry.</param>
    public static ObjectId Compute(Blake3Hasher hasher, ReadOnlySpan<byte> objectIdKey, ZoneId zone, ReadOnlySpan<byte> chunk) =>
        ObjectId.Scoped(hasher, objectIdKey, zone, RawChunk, chunk);
}
