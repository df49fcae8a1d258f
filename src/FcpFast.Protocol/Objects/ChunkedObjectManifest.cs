using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The list of an object's chunks, which announces it.</summary>
/// <remarks>
/// Shape:  a view of the canonical map; chunk ids are read by index from its bytes, each entry being 34 of them.
/// Threads: immutable.
/// Source: [WIRE §17].
/// </remarks>
public readonly ref partial struct ChunkedObjectManifest
{
    private const int EntryHeadBytes = 2;
    private const int EntryBytes = EntryHeadBytes + ObjectId.Length;
    private const byte EntryHead0 = 0x58, EntryHead1 = ObjectId.Length; // a byte string of 32

    private readonly ReadOnlySpan<byte> _entries;

    private ChunkedObjectManifest(ReadOnlySpan<byte> entries) => _entries = entries;

    /// <summary>The map's bytes.</summary>
    public ReadOnlySpan<byte> Encoded { get; private init; }

    /// <summary>The object's header.</summary>
    public ObjectHeaderView Header { get; private init; }

    /// <summary>Bytes of the object, 1 to 2^48.</summary>
    public ulong TotalBytes { get; private init; }

    /// <summary>Bytes of each chunk but the last: 1,024 to 262,144, a multiple of 8.</summary>
    public int ChunkBytes { get; private init; }

    /// <summary>The hash of the whole object.</summary>
    public Bytes32 PayloadHash { get; private init; }

    /// <summary>How many chunks, at least one.</summary>
    public int ChunkCount => _entries.Length / EntryBytes;

    /// <summary>Reads and checks the map.</summary>
    /// <param name="cbor">The map; it carries no schema prefix, its header names the schema.</param>
    /// <param name="manifest">The view.</param>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.Validate"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, then
    ///         <c>SchemaMismatch</c>, <c>ChunkCountMismatch</c> (for every bound of length, chunk size and count).
    /// Cost:   no allocation; linear in the list, which fits one control payload.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> cbor, out ChunkedObjectManifest manifest)
    {
        manifest = default;
        FcpStatus status = CanonicalCbor.Validate(cbor, CborLimits.ControlPayloadBytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ReadOnlySpan<byte> entries = ReadChunks(ref map);
        map.Fail(ObjectHeaderView.Read(map.Map("header"u8), out ObjectHeaderView header));
        ulong totalBytes = map.Unsigned("total_len"u8);
        uint chunkBytes = map.Unsigned("chunk_size"u8, uint.MaxValue);
        ReadOnlySpan<byte> payloadHash = map.Bytes("payload_hash"u8, CryptoSizes.HashBytes);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (!header.HasSchema(Schemas.ChunkedObjectManifest)) return FcpStatus.SchemaMismatch;
        status = CountChunks(totalBytes, chunkBytes, out ulong count);
        if (status != FcpStatus.Accepted) return status;
        if (count != (ulong)(entries.Length / EntryBytes)) return FcpStatus.ChunkCountMismatch;
        manifest = new ChunkedObjectManifest(entries)
        {
            Encoded = cbor,
            Header = header,
            TotalBytes = totalBytes,
            ChunkBytes = (int)chunkBytes,
            PayloadHash = Bytes32.Read(payloadHash),
        };
        return FcpStatus.Accepted;
    }

    /// <summary>How many chunks an object has; <c>ChunkCountMismatch</c> if a length is out of bounds.</summary>
    /// <param name="totalBytes">Bytes of the object.</param>
    /// <param name="chunkBytes">Bytes of each chunk but the last.</param>
    /// <param name="count">At least one; 0 if refused.</param>
    public static FcpStatus CountChunks(ulong totalBytes, ulong chunkBytes, out ulong count)
    {
        count = 0;
        if (totalBytes is 0 or > ObjectLimits.TotalBytesMax) return FcpStatus.ChunkCountMismatch;
        if (chunkBytes is < ObjectLimits.ChunkBytesMin or > ObjectLimits.ChunkBytesMax) return FcpStatus.ChunkCountMismatch;
        if (chunkBytes % ObjectLimits.ChunkAlignmentBytes != 0) return FcpStatus.ChunkCountMismatch;
        count = 1 + ((totalBytes - 1) / chunkBytes);
        return FcpStatus.Accepted;
    }

    /// <summary>The id of a chunk; the index is below <see cref="ChunkCount"/>.</summary>
    public ObjectId ChunkId(int index) => ObjectId.Read(_entries.Slice((EntryBytes * index) + EntryHeadBytes, ObjectId.Length));

    /// <summary>Where a chunk begins in the object; the index is below <see cref="ChunkCount"/>.</summary>
    public ulong OffsetOf(int index)
    {
        RequireChunk(index);
        return (ulong)index * (ulong)ChunkBytes;
    }

    /// <summary>Bytes of a chunk; the index is below <see cref="ChunkCount"/>.</summary>
    public int BytesOf(int index)
    {
        RequireChunk(index);
        return (int)Math.Min((ulong)ChunkBytes, TotalBytes - ((ulong)index * (ulong)ChunkBytes));
    }

    /// <summary>Judges the bytes of one chunk, before anything is done with them.</summary>
    /// <param name="hasher">Scratch; erased of the key before return.</param>
    /// <param name="objectIdKey">The key of the chunk ids.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="index">Which chunk.</param>
    /// <param name="chunk">Its bytes.</param>
    /// <remarks>Errors: <c>LengthMismatch</c>, found before anything is hashed; <c>ObjectIdMismatch</c>.</remarks>
    public FcpStatus CheckChunk(Blake3Hasher hasher, ReadOnlySpan<byte> objectIdKey, ZoneId zone, int index, ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != BytesOf(index)) return FcpStatus.LengthMismatch;
        return ChunkIds.Compute(hasher, objectIdKey, zone, chunk) == ChunkId(index) ? FcpStatus.Accepted : FcpStatus.ObjectIdMismatch;
    }

    /// <summary>Judges the whole object; may be left out when every chunk has passed and this list came sealed.</summary>
    /// <remarks>Errors: <c>LengthMismatch</c>, <c>HashMismatch</c>.</remarks>
    public FcpStatus CheckPayload(Blake3Hasher hasher, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        if ((ulong)payload.Length != TotalBytes) return FcpStatus.LengthMismatch;
        Span<byte> hash = stackalloc byte[CryptoSizes.HashBytes];
        hasher.Reset();
        hasher.Update(payload);
        hasher.Finish(hash);
        hasher.Erase();
        return Bytes32.Read(hash) == PayloadHash ? FcpStatus.Accepted : FcpStatus.HashMismatch;
    }

    /// <summary>The entries without the array's head, if every one is a byte string of 32.</summary>
    private static ReadOnlySpan<byte> ReadChunks(scoped ref CborMapReader map)
    {
        if (!map.Field("chunks"u8, out CborItem item)) return default;
        bool right = item.TryGetArray(out CborArrayReader list);
        ReadOnlySpan<byte> entries = item.Content;
        right = right && entries.Length == (long)EntryBytes * list.Count;
        for (int i = 0; right && i < entries.Length; i += EntryBytes)
        {
            // Canonical items side by side: an entry that starts so ends where the next one starts.
            right = entries[i] == EntryHead0 && entries[i + 1] == EntryHead1;
        }

        if (right) return entries;
        map.Fail(FcpStatus.CborDeserialize);
        return default;
    }

    private void RequireChunk(int index)
    {
        if (index < 0 || index >= ChunkCount) ThrowHelper.BadArgument(nameof(index), "a chunk of this object");
    }
}
