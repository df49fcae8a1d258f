using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>Files, segments and statuses of the family transfers. [WIRE §16.9]</summary>
internal static class TransferOps
{
    public static void Add(Dictionary<string, VectorOp> ops)
    {
        ops["transfer_id"] = DeriveTransferId;
        ops["file_body"] = WriteFile;
        ops["file_accept"] = AcceptFile;
        ops["segment_body"] = WriteSegment;
        ops["segment_accept"] = AcceptSegment;
        ops["transfer_status_body"] = WriteStatus;
        ops["transfer_status_accept"] = AcceptStatus;
    }

    private static VectorResult DeriveTransferId(VectorInputs inputs)
    {
        FcpStatus status = NodeId.Parse(inputs.Text("sender_node_id"), out NodeId source);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        TransferId id = FileBody.DeriveTransferId(
            new Blake3Hasher(), inputs.Bytes("object_id_key"), source, Encoding.UTF8.GetBytes(inputs.Text("name")), inputs.ULong("size"),
            inputs.ULong("mtime_ns"));
        return new VectorResult().Text("transfer_id", id.ToString());
    }

    private static VectorResult WriteFile(VectorInputs inputs)
    {
        var file = new FileBody
        {
            TransferId = IdOf(inputs),
            Name = Encoding.UTF8.GetBytes(inputs.Text("name")),
            Shape = new FileShape(inputs.ULong("size"), inputs.ULong("segment_bytes")),
            Mode = inputs.TryULong("mode"),
        };
        FcpStatus status = file.Check();
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var writer = new CborWriter();
        file.Write(writer);
        return new VectorResult().Bytes("body", writer.Written);
    }

    private static VectorResult AcceptFile(VectorInputs inputs)
    {
        FcpStatus status = FileBody.Parse(inputs.Bytes("bytes"), out FileBody file);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Text("transfer_id", file.TransferId.ToString())
            .Text("name", Encoding.UTF8.GetString(file.Name))
            .Number64("size", file.Shape.SizeBytes)
            .Number64("segment_bytes", file.Shape.SegmentBytes);
    }

    private static VectorResult WriteSegment(VectorInputs inputs)
    {
        FcpStatus status = ChunkedObjectManifest.Parse(inputs.Bytes("manifest"), out ChunkedObjectManifest manifest);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[]? keyId = inputs.TryBytes("object_id_key_id");
        var segment = new SegmentBody
        {
            TransferId = IdOf(inputs),
            Index = inputs.ULong("index"),
            Manifest = manifest,
            ObjectIdKeyId = keyId is null ? null : new ObjectIdKeyId(Bytes8.Read(keyId)),
        };
        var writer = new CborWriter();
        segment.Write(writer);
        return new VectorResult().Bytes("body", writer.Written);
    }

    private static VectorResult AcceptSegment(VectorInputs inputs)
    {
        FcpStatus status = SegmentBody.Parse(inputs.Bytes("bytes"), out SegmentBody segment);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult().Text("transfer_id", segment.TransferId.ToString()).Node("index", (JsonNode)segment.Index);
    }

    private static VectorResult WriteStatus(VectorInputs inputs)
    {
        ulong[] done = [.. inputs.Raw("done").EnumerateArray().Select(static number => number.GetUInt64())];
        SegmentRange[] ranges = [.. done.Chunk(2).Select(static pair => new SegmentRange(pair[0], pair[1]))];
        MissingSymbols[] missing = inputs.Has("missing")
            ? [.. inputs.Objects("missing").Select(static entry => new MissingSymbols(entry.ULong("chunk"), entry.Bytes("esis")))]
            : [];
        SegmentProgress progress = inputs.TryULong("segment") is { } segment
            ? new SegmentProgress(segment, inputs.TryBytes("chunks"), missing)
            : default;
        var writer = new CborWriter();
        TransferStatusBody.Write(writer, IdOf(inputs), ranges, inputs.ULong("credit_bytes"), progress);
        return new VectorResult().Bytes("body", writer.Written);
    }

    private static VectorResult AcceptStatus(VectorInputs inputs)
    {
        FcpStatus status = TransferStatusBody.Parse(inputs.Bytes("bytes"), out TransferStatusBody body);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var done = new JsonArray();
        SegmentRangeReader ranges = body.Done;
        while (ranges.TryRead(out SegmentRange range))
        {
            done.Add((JsonNode)range.First);
            done.Add((JsonNode)range.Count);
        }

        return new VectorResult()
            .Text("transfer_id", body.TransferId.ToString())
            .Node("done", done)
            .Number64("credit_bytes", body.CreditBytes);
    }

    private static TransferId IdOf(VectorInputs inputs) => new(Bytes16.Read(inputs.Bytes("transfer_id")));
}
