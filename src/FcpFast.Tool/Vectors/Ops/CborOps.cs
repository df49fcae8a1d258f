using System;
using System.Collections.Generic;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family canonical_cbor. [WIRE §3]</summary>
internal static class CborOps
{
    public static void Add(Dictionary<string, VectorOp> ops)
    {
        ops["cbor_encode"] = Encode;
        ops["cbor_decode"] = Decode;
        ops["cbor_reencode"] = Reencode;
        ops["schema_payload_encode"] = PayloadEncode;
        ops["schema_payload_decode"] = PayloadDecode;
    }

    private static VectorResult Encode(VectorInputs inputs)
    {
        var writer = new CborWriter();
        FcpStatus status = Write(writer, inputs);
        return status == FcpStatus.Accepted ? new VectorResult().Bytes("cbor", writer.Written) : VectorResult.Refused(status);
    }

    private static VectorResult Decode(VectorInputs inputs)
    {
        byte[] bytes = inputs.Bytes("bytes");
        FcpStatus status = CanonicalCbor.Validate(bytes, inputs.TryInt("limit") ?? CborLimits.ObjectBytesMax);
        return status == FcpStatus.Accepted ? Value(bytes) : VectorResult.Refused(status);
    }

    private static VectorResult Reencode(VectorInputs inputs)
    {
        byte[] bytes = inputs.Bytes("bytes");
        FcpStatus status = CanonicalCbor.Validate(bytes, CborLimits.ObjectBytesMax);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var writer = new CborWriter();
        Copy(new CborItem(bytes), writer);
        return new VectorResult().Bytes("cbor", writer.Written);
    }

    /// <summary>Writes what was read, value by value: no byte of the input is copied but the content of strings.</summary>
    private static void Copy(CborItem item, CborWriter writer)
    {
        if (item.TryGetUnsigned(out ulong unsigned)) writer.Unsigned(unsigned);
        else if (item.TryGetNegative(out ulong negative)) writer.Negative(negative);
        else if (item.TryGetBytes(out ReadOnlySpan<byte> bytes)) writer.Bytes(bytes);
        else if (item.TryGetText(out ReadOnlySpan<byte> text)) writer.Text(text);
        else if (item.TryGetBoolean(out bool boolean)) writer.Boolean(boolean);
        else if (item.TryGetArray(out CborArrayReader entries))
        {
            writer.BeginArray(entries.Count);
            while (entries.TryRead(out CborItem entry)) Copy(entry, writer);
        }
        else if (item.TryGetMap(out CborMapReader fields))
        {
            writer.BeginMap(fields.Count);
            while (fields.TryNext(out ReadOnlySpan<byte> key, out CborItem value))
            {
                writer.Key(key);
                Copy(value, writer);
            }
        }
        else
        {
            writer.Null();
        }
    }

    private static VectorResult PayloadEncode(VectorInputs inputs)
    {
        FcpStatus status = SchemaId.Parse(inputs.Text("schema"), out SchemaId? schema);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var cbor = new CborWriter();
        status = Write(cbor, inputs);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] payload = new byte[SchemaHash.Length + cbor.Written.Length];
        schema!.ComputeHash().Value.Write(payload);
        cbor.Written.CopyTo(payload.AsSpan(SchemaHash.Length));
        return new VectorResult().Bytes("payload", payload);
    }

    private static VectorResult PayloadDecode(VectorInputs inputs)
    {
        FcpStatus status = SchemaId.Parse(inputs.Text("schema"), out SchemaId? schema);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        int limit = inputs.TryInt("limit") ?? CborLimits.ObjectBytesMax;
        status = CanonicalCbor.OpenPayload(inputs.Bytes("payload"), schema!.ComputeHash(), limit, out ReadOnlySpan<byte> cbor);
        return status == FcpStatus.Accepted ? Value(cbor) : VectorResult.Refused(status);
    }

    /// <summary>Writes the value and holds it against the strict decoder, which accepts exactly what may be written.</summary>
    private static FcpStatus Write(CborWriter writer, VectorInputs inputs)
    {
        FcpStatus status = TypedValue.Write(writer, inputs.Value("value"));
        return status == FcpStatus.Accepted ? CanonicalCbor.Validate(writer.Written, CborLimits.ObjectBytesMax) : status;
    }

    private static VectorResult Value(ReadOnlySpan<byte> cbor) => new VectorResult().Node("value", TypedValue.Read(new CborItem(cbor)));
}
