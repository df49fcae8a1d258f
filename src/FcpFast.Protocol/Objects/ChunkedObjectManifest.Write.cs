using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <content>Making a manifest.</content>
public readonly ref partial struct ChunkedObjectManifest
{
    /// <summary>Hashes an object and writes its manifest as a bare map.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="hasher">Scratch; erased of the key before return.</param>
    /// <param name="objectIdKey">32 secret bytes.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="createdAtUnixSeconds">When it is made.</param>
    /// <param name="payload">The object, at least a byte.</param>
    /// <param name="chunkBytes">1,024 to 262,144, a multiple of 8.</param>
    /// <remarks>
    /// Errors: throws for lengths out of bounds: the caller's fault.
    /// Cost:   the object is hashed twice; one header object is allocated.
    /// </remarks>
    public static void Write(
        CborWriter writer, Blake3Hasher hasher, ReadOnlySpan<byte> objectIdKey, ZoneId zone, ulong createdAtUnixSeconds,
        ReadOnlySpan<byte> payload, int chunkBytes)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(hasher);
        int count = RequireCount((ulong)payload.Length, chunkBytes);
        BeginList(writer, count);
        for (int i = 0; i < count; i++)
        {
            int start = i * chunkBytes;
            ReadOnlySpan<byte> chunk = payload.Slice(start, Math.Min(chunkBytes, payload.Length - start));
            writer.Bytes(ChunkIds.Compute(hasher, objectIdKey, zone, chunk).Value);
        }

        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        hasher.Reset();
        hasher.Update(payload);
        hasher.Finish(hash);
        hasher.Erase();
        End(writer, zone, createdAtUnixSeconds, (ulong)payload.Length, chunkBytes, Bytes32.Read(hash));
    }

    /// <summary>Writes the manifest of an object that was hashed elsewhere, chunk by chunk.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="createdAtUnixSeconds">When it is made.</param>
    /// <param name="totalBytes">Bytes of the object.</param>
    /// <param name="chunkBytes">1,024 to 262,144, a multiple of 8.</param>
    /// <param name="chunkIds">One id a chunk.</param>
    /// <param name="payloadHash">The hash of the whole object.</param>
    /// <remarks>Errors: as <see cref="Write"/>, and for another number of ids.</remarks>
    public static void WriteHashed(
        CborWriter writer, ZoneId zone, ulong createdAtUnixSeconds, ulong totalBytes, int chunkBytes, ReadOnlySpan<ObjectId> chunkIds,
        Bytes32 payloadHash)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (RequireCount(totalBytes, chunkBytes) != chunkIds.Length) ThrowHelper.BadArgument(nameof(chunkIds), "one id a chunk");
        BeginList(writer, chunkIds.Length);
        foreach (ObjectId id in chunkIds) writer.Bytes(id.Value);
        End(writer, zone, createdAtUnixSeconds, totalBytes, chunkBytes, payloadHash);
    }

    private static int RequireCount(ulong totalBytes, int chunkBytes)
    {
        if (chunkBytes < 0 || CountChunks(totalBytes, (ulong)chunkBytes, out ulong count) != FcpStatus.Accepted)
        {
            ThrowHelper.BadArgument(nameof(chunkBytes), "a length and a chunk size within their bounds");
            return 0;
        }

        if (count > CborLimits.ControlPayloadBytesMax / EntryBytes)
        {
            ThrowHelper.BadArgument(nameof(totalBytes), "the list fits one control payload");
        }

        return (int)count;
    }

    private static void BeginList(CborWriter writer, int count)
    {
        writer.BeginMap(5);
        writer.Key("chunks"u8);
        writer.BeginArray(count);
    }

    private static void End(
        CborWriter writer, ZoneId zone, ulong createdAtUnixSeconds, ulong totalBytes, int chunkBytes, Bytes32 payloadHash)
    {
        writer.Key("header"u8);
        new ObjectHeader { Schema = Schemas.ChunkedObjectManifest, Zone = zone, CreatedAtUnixSeconds = createdAtUnixSeconds }.Write(writer);
        writer.Key("total_len"u8);
        writer.Unsigned(totalBytes);
        writer.Key("chunk_size"u8);
        writer.Unsigned((ulong)chunkBytes);
        writer.Key("payload_hash"u8);
        writer.Bytes(payloadHash);
    }
}
