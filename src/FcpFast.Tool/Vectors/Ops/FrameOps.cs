using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The codec ops of the family fcps_frame. [WIRE §4]</summary>
internal static class FrameOps
{
    private const int SymbolsShownMax = 4;

    public static void Add(Dictionary<string, VectorOp> ops)
    {
        ops["flag"] = Flag;
        ops["header_encode"] = static inputs => new VectorResult().Bytes("bytes", EncodeHeader(inputs));
        ops["header_decode"] = HeaderDecode;
        ops["record_encode"] = RecordEncode;
        ops["record_decode"] = RecordDecode;
        ops["frame_encode"] = FrameEncode;
        ops["frame_decode"] = FrameDecode;
    }

    private static VectorResult Flag(VectorInputs inputs)
    {
        FrameFlags flag = inputs.Text("name") switch
        {
            "REQUIRES_ACK" => FrameFlags.RequiresAck,
            "COMPRESSED" => FrameFlags.Compressed,
            "ENCRYPTED" => FrameFlags.Encrypted,
            "RESPONSE" => FrameFlags.Response,
            "ERROR" => FrameFlags.Error,
            "STREAMING" => FrameFlags.Streaming,
            "STREAM_END" => FrameFlags.StreamEnd,
            "HAS_CAP_TOKEN" => FrameFlags.HasCapToken,
            "ZONE_CROSSING" => FrameFlags.ZoneCrossing,
            "PRIORITY" => FrameFlags.Priority,
            "RAPTORQ" => FrameFlags.RaptorQ,
            "CONTROL_PLANE" => FrameFlags.ControlPlane,
            "default" => FrameFlags.Default,
            string name => throw new VectorFormatException($"unknown flag '{name}'"),
        };
        return new VectorResult().Number("bits", (ushort)flag);
    }

    private static FcpsHeader ReadHeader(VectorInputs inputs, uint symbolCount, uint payloadBytes) => new(
        (FrameFlags)inputs.Int("flags"),
        symbolCount,
        payloadBytes,
        ObjectId.Read(inputs.Bytes("object_id")),
        (ushort)inputs.Int("symbol_size"),
        new ZoneKeyId(Bytes8.Read(inputs.Bytes("zone_key_id"))),
        new ZoneIdHash(Bytes32.Read(inputs.Bytes("zone_id_hash"))),
        new EpochId(inputs.ULong("epoch_id")),
        new SenderInstanceId(inputs.ULong("sender_instance_id")),
        new FrameSeq(inputs.ULong("frame_seq")));

    /// <summary>The header as it is, right or wrong: the version and counts of the case are written too.</summary>
    private static byte[] EncodeHeader(VectorInputs inputs)
    {
        byte[] bytes = new byte[FcpsLayout.HeaderBytes];
        ReadHeader(inputs, inputs.UInt("symbol_count"), inputs.UInt("total_payload_len")).Write(bytes);
        bytes[4] = (byte)(inputs.Int("version") & 0xFF);
        bytes[5] = (byte)(inputs.Int("version") >> 8);
        if (inputs.TryBytes("magic") is { } magic) magic.CopyTo(bytes, 0);
        return bytes;
    }

    private static VectorResult HeaderDecode(VectorInputs inputs)
    {
        FcpStatus status = FcpsHeader.Parse(inputs.Bytes("bytes"), out FcpsHeader header);
        return status == FcpStatus.Accepted ? new VectorResult().Fields(HeaderNode(header)) : VectorResult.Refused(status);
    }

    private static JsonObject HeaderNode(in FcpsHeader header) => new()
    {
        ["version"] = FcpsLayout.Version,
        ["flags"] = (ushort)header.Flags,
        ["symbol_count"] = header.SymbolCount,
        ["total_payload_len"] = header.PayloadBytes,
        ["object_id"] = header.ObjectId.ToString(),
        ["symbol_size"] = header.SymbolBytes,
        ["zone_key_id"] = header.ZoneKeyId.ToString(),
        ["zone_id_hash"] = header.ZoneIdHash.ToString(),
        ["epoch_id"] = header.Epoch.ToString(),
        ["sender_instance_id"] = header.Instance.ToString(),
        ["frame_seq"] = header.Seq.ToString(),
    };

    private static byte[] EncodeRecord(VectorInputs inputs)
    {
        byte[] data = inputs.Bytes("data"), record = new byte[data.Length + FcpsLayout.RecordOverheadBytes];
        FrameWriter.WriteRecordHead(record, inputs.UInt("esi"), (ushort)inputs.Int("k"));
        data.CopyTo(record, FcpsLayout.RecordHeadBytes);
        inputs.Bytes("tag").CopyTo(record, FcpsLayout.RecordHeadBytes + data.Length);
        return record;
    }

    private static VectorResult RecordEncode(VectorInputs inputs) => new VectorResult().Bytes("record", EncodeRecord(inputs));

    private static VectorResult RecordDecode(VectorInputs inputs)
    {
        FcpStatus status = SymbolRecordView.Parse(inputs.Bytes("bytes"), inputs.Int("symbol_size"), out SymbolRecordView record);
        return status == FcpStatus.Accepted
            ? new VectorResult().Number("esi", record.Esi).Number("k", record.K).Bytes("data", record.Data).Bytes("tag", record.Tag)
            : VectorResult.Refused(status);
    }

    private static VectorResult FrameEncode(VectorInputs inputs)
    {
        VectorInputs header = inputs.Object("header");
        VectorInputs[] symbols = inputs.Objects("symbols");
        int symbolBytes = header.Int("symbol_size");
        byte[] frame = new byte[FrameWriter.FrameBytes(symbols.Length, symbolBytes)];
        FcpsHeader values = ReadHeader(header, (uint)symbols.Length, (uint)(frame.Length - FcpsLayout.HeaderBytes));
        FcpStatus status = FrameWriter.WriteHeader(frame, values);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        int offset = FcpsLayout.HeaderBytes;
        foreach (VectorInputs symbol in symbols)
        {
            byte[] record = EncodeRecord(symbol);
            record.CopyTo(frame, offset);
            offset += record.Length;
        }

        return new VectorResult().Bytes("frame", frame);
    }

    private static VectorResult FrameDecode(VectorInputs inputs)
    {
        byte[] frame = inputs.TryBytes("bytes") ?? [.. EncodeHeader(inputs.Object("header")), .. inputs.Bytes("tail")];
        FcpStatus status = FrameView.Parse(frame, inputs.Int("limit"), out FrameView view);
        if (status == FcpStatus.Accepted && inputs.Flag("policy")) status = view.CheckPolicy();
        if (status == FcpStatus.Accepted) status = view.CheckEsis();
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        FcpsHeader.Parse(frame, out FcpsHeader header);
        var result = new VectorResult().Node("header", HeaderNode(header));
        var esis = new JsonArray();
        var symbols = new JsonArray();
        for (int i = 0; i < view.SymbolCount; i++)
        {
            SymbolRecordView record = view.Record(i);
            esis.Add((JsonNode)record.Esi);
            if (i >= SymbolsShownMax) continue;
            symbols.Add((JsonNode)new JsonObject
            {
                ["esi"] = record.Esi,
                ["k"] = record.K,
                ["data"] = Convert.ToHexStringLower(record.Data),
                ["tag"] = Convert.ToHexStringLower(record.Tag),
            });
        }

        return result.Node("symbol_esis", esis).Node("symbols", symbols);
    }
}
