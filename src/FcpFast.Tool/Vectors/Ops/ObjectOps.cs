using System.Collections.Generic;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family objects. [WIRE §17] [WIRE §18]</summary>
internal static class ObjectOps
{
    public static void Add(Dictionary<string, VectorOp> ops)
    {
        ops["symbol_counts"] = SymbolCountsOf;
        ops["chunk_id"] = ChunkId;
        ops["chunked_manifest"] = ChunkedManifest;
        ops["chunked_accept"] = ChunkedAccept;
    }

    private static VectorResult SymbolCountsOf(VectorInputs inputs)
    {
        ulong length = inputs.ULong("length");
        SymbolCounts counts = SymbolCounts.Of(length, inputs.UInt("symbol_size"), (ushort)inputs.UInt("repair_bps"));
        VectorResult result = new VectorResult()
            .Number("source_symbols", (long)counts.SourceSymbols)
            .Number("repair_symbols", (long)counts.RepairSymbols)
            .Number("total_symbols", (long)counts.TotalSymbols);
        return inputs.Has("chunk_size") ? result.Number("chunks", (long)SymbolCounts.Pieces(length, inputs.UInt("chunk_size"))) : result;
    }

    private static VectorResult ChunkId(VectorInputs inputs)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        ObjectId id = ChunkIds.Compute(new Blake3Hasher(), inputs.Bytes("object_id_key"), zone, inputs.Bytes("payload"));
        return new VectorResult().Text("object_id", id.ToString());
    }

    private static VectorResult ChunkedManifest(VectorInputs inputs)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] payload = inputs.Bytes("payload");
        status = ChunkedObjectManifest.CountChunks((ulong)payload.Length, inputs.UInt("chunk_size"), out _);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var writer = new CborWriter();
        ChunkedObjectManifest.Write(
            writer, new Blake3Hasher(), inputs.Bytes("object_id_key"), zone, inputs.ULong("created_at"), payload, inputs.Int("chunk_size"));
        status = ChunkedObjectManifest.Parse(writer.Written, out ChunkedObjectManifest manifest);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Number("chunk_count", manifest.ChunkCount)
            .Text("first_chunk", manifest.ChunkId(0).ToString())
            .Text("last_chunk", manifest.ChunkId(manifest.ChunkCount - 1).ToString())
            .Text("payload_hash", manifest.PayloadHash.ToString())
            .Bytes("cbor", writer.Written);
    }

    private static VectorResult ChunkedAccept(VectorInputs inputs)
    {
        FcpStatus status = ChunkedObjectManifest.Parse(inputs.Bytes("bytes"), out ChunkedObjectManifest manifest);
        return status == FcpStatus.Accepted
            ? new VectorResult().Number("chunk_count", manifest.ChunkCount)
            : VectorResult.Refused(status);
    }
}
