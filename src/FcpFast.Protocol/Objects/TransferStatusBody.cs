using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>What a receiver of a file has, what it misses and what it can take.</summary>
/// <remarks>
/// Shape:  a view of the payload, checked in itself; segments, chunks and ESIs beyond the file are the reader's to pass over.
/// Source: [WIRE §16.9].
/// </remarks>
public readonly ref partial struct TransferStatusBody
{
    private readonly CborArrayReader _done;
    private readonly CborArrayReader _missing;

    private TransferStatusBody(CborArrayReader done, CborArrayReader missing)
    {
        _done = done;
        _missing = missing;
    }

    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.TransferStatus.ComputeHash();

    /// <summary>The file.</summary>
    public TransferId TransferId { get; private init; }

    /// <summary>Bytes that the receiver takes beyond what is complete.</summary>
    public ulong CreditBytes { get; private init; }

    /// <summary>The segment that <see cref="Chunks"/> and <see cref="Missing"/> speak of; null if absent.</summary>
    public ulong? Segment { get; private init; }

    /// <summary>The bitmap of that segment's complete chunks; empty if absent.</summary>
    public ReadOnlySpan<byte> Chunks { get; private init; }

    /// <summary>The complete segments.</summary>
    public SegmentRangeReader Done => new(_done);

    /// <summary>The chunks of that segment of which symbols are missing.</summary>
    public MissingSymbolsReader Missing => new(_missing);

    /// <summary>Reads the payload.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, then
    ///         <c>InvalidStatus</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out TransferStatusBody body)
    {
        body = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        bool valid = ReadDone(ref map, out CborArrayReader done);
        valid &= ReadChunks(ref map, out ReadOnlySpan<byte> chunks);
        valid &= ReadMissing(ref map, out CborArrayReader missing, out bool hasMissing);
        ulong? segment = map.TryUnsigned("segment"u8);
        ReadOnlySpan<byte> transferId = map.Bytes("transfer_id"u8, TransferId.Length);
        ulong credit = map.Unsigned("credit_bytes"u8);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (!valid || (segment is null && (hasMissing || !chunks.IsEmpty))) return FcpStatus.InvalidStatus;
        body = new TransferStatusBody(done, missing)
        {
            TransferId = new TransferId(Bytes16.Read(transferId)),
            CreditBytes = credit,
            Segment = segment,
            Chunks = chunks,
        };
        return FcpStatus.Accepted;
    }

    /// <summary>False for ranges that are empty, touch, fall, or are too many; a fault of the entries' type fails the map.</summary>
    private static bool ReadDone(scoped ref CborMapReader map, out CborArrayReader done)
    {
        done = map.Array("done"u8);
        if (done.Count % 2 != 0 || done.Count > 2 * ObjectLimits.DoneRangesMax) return false;
        CborArrayReader entries = done;
        bool valid = true, isFirst = true;
        ulong end = 0; // of the range before
        while (entries.TryRead(out CborItem first))
        {
            entries.TryRead(out CborItem count);
            if (!first.TryGetUnsigned(out ulong start) || !count.TryGetUnsigned(out ulong segments))
            {
                map.Fail(FcpStatus.CborDeserialize);
                return false;
            }

            valid &= segments != 0 && segments <= ulong.MaxValue - start && (isFirst || start > end);
            if (!valid) return false;
            end = start + segments;
            isFirst = false;
        }

        return valid;
    }

    private static bool ReadChunks(scoped ref CborMapReader map, out ReadOnlySpan<byte> chunks)
    {
        chunks = default;
        if (!map.TryField("chunks"u8, out CborItem item)) return true;
        if (!item.TryGetBytes(out chunks)) map.Fail(FcpStatus.CborDeserialize);
        return chunks.Length is > 0 and <= ObjectLimits.ChunkBitmapBytesMax;
    }

    private static bool ReadMissing(scoped ref CborMapReader map, out CborArrayReader missing, out bool isPresent)
    {
        missing = default;
        isPresent = map.TryField("missing"u8, out CborItem list);
        if (!isPresent) return true;
        if (!list.TryGetArray(out missing)) map.Fail(FcpStatus.CborDeserialize);
        if (missing.Count > ObjectLimits.MissingChunksMax) return false;
        CborArrayReader entries = missing;
        bool valid = true;
        ulong? before = null;
        while (entries.TryRead(out CborItem item))
        {
            map.Fail(MissingSymbolsReader.ReadEntry(item, out ulong chunk, out ReadOnlySpan<byte> esis));
            valid &= MissingSymbolsReader.IsBitmap(esis) && (before is null || chunk > before);
            before = chunk;
        }

        return valid;
    }
}
