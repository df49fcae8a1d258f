using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <content>Making a status.</content>
public readonly ref partial struct TransferStatusBody
{
    /// <summary>Writes the schema-prefixed payload.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="transferId">The file.</param>
    /// <param name="done">The complete segments: at most 1,024 ranges, ascending, none empty, none touching the next.</param>
    /// <param name="creditBytes">Bytes that the receiver takes beyond what is complete.</param>
    /// <param name="progress">One segment in detail; the default value for none.</param>
    /// <remarks>Errors: throws for what <see cref="Parse"/> would refuse: the caller's fault. Cost: no allocation.</remarks>
    public static void Write(
        CborWriter writer, TransferId transferId, ReadOnlySpan<SegmentRange> done, ulong creditBytes,
        scoped in SegmentProgress progress = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        RequireDone(done);
        RequireProgress(progress);
        writer.BeginPayload(Schema);
        writer.BeginMap(3 + (progress.Segment is null ? 0 : 1) + (progress.Chunks.IsEmpty ? 0 : 1) + (progress.Missing.IsEmpty ? 0 : 1));
        writer.Key("done"u8);
        writer.BeginArray(2 * done.Length);
        foreach (SegmentRange range in done)
        {
            writer.Unsigned(range.First);
            writer.Unsigned(range.Count);
        }

        if (!progress.Chunks.IsEmpty)
        {
            writer.Key("chunks"u8);
            writer.Bytes(progress.Chunks);
        }

        if (!progress.Missing.IsEmpty) WriteMissing(writer, progress.Missing);
        if (progress.Segment is { } segment)
        {
            writer.Key("segment"u8);
            writer.Unsigned(segment);
        }

        writer.Key("transfer_id"u8);
        writer.Bytes(transferId.Value);
        writer.Key("credit_bytes"u8);
        writer.Unsigned(creditBytes);
    }

    private static void WriteMissing(CborWriter writer, ReadOnlySpan<MissingSymbols> missing)
    {
        Span<byte> bitmap = stackalloc byte[ObjectLimits.EsiBitmapBytesMax];
        writer.Key("missing"u8);
        writer.BeginArray(missing.Length);
        foreach (ref readonly MissingSymbols symbols in missing)
        {
            writer.BeginMap(2);
            writer.Key("esis"u8);
            writer.Bytes(bitmap[..symbols.CopyTo(bitmap)]);
            writer.Key("chunk"u8);
            writer.Unsigned(symbols.Chunk);
        }
    }

    private static void RequireDone(ReadOnlySpan<SegmentRange> done)
    {
        if (done.Length > ObjectLimits.DoneRangesMax) ThrowHelper.BadArgument(nameof(done), "at most 1,024 ranges");
        for (int i = 0; i < done.Length; i++)
        {
            SegmentRange range = done[i];
            bool follows = i == 0 || range.First > done[i - 1].First + done[i - 1].Count;
            if (range.Count == 0 || range.Count > ulong.MaxValue - range.First || !follows)
            {
                ThrowHelper.BadArgument(nameof(done), "ranges ascend and neither touch nor are empty");
            }
        }
    }

    private static void RequireProgress(scoped in SegmentProgress progress)
    {
        if (progress.Chunks.Length > ObjectLimits.ChunkBitmapBytesMax) ThrowHelper.BadArgument(nameof(progress), "at most 8,192 bytes of bitmap");
        if (progress.Missing.Length > ObjectLimits.MissingChunksMax) ThrowHelper.BadArgument(nameof(progress), "at most 256 chunks");
        for (int i = 0; i < progress.Missing.Length; i++)
        {
            bool follows = i == 0 || progress.Missing[i].Chunk > progress.Missing[i - 1].Chunk;
            if (progress.Missing[i].BitmapBytes == 0 || !follows) ThrowHelper.BadArgument(nameof(progress), "bitmaps of ascending chunks");
        }
    }
}
