using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Session;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family fcpc_frame. [WIRE §9]</summary>
internal static class FcpcOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["fcpc_header"] = Header;
        ops["fcpc_header_decode"] = HeaderDecode;
        ops["fcpc_seal"] = inputs => Seal(inputs, crypto.Aead);
        ops["fcpc_decode"] = Decode;
        ops["fcpc_open"] = inputs => Open(inputs, crypto.Aead);
    }

    private static VectorResult Header(VectorInputs inputs)
    {
        byte[] bytes = new byte[FcpcHeader.HeaderBytes];
        new FcpcHeader(DatagramOps.Session(inputs), Seq(inputs), checked((FcpcFlags)inputs.Int("flags")), inputs.UInt("len")).Write(bytes);
        return new VectorResult().Bytes("bytes", bytes);
    }

    private static VectorResult HeaderDecode(VectorInputs inputs)
    {
        // A header alone is judged by its form; only a case that names a limit is held to one.
        FcpStatus status = FcpcHeader.Parse(inputs.Bytes("bytes"), inputs.TryInt("limit") ?? int.MaxValue, out FcpcHeader header);
        return status == FcpStatus.Accepted ? new VectorResult().Fields(HeaderNode(header)) : VectorResult.Refused(status);
    }

    private static VectorResult Seal(VectorInputs inputs, IAeadEngine aead)
    {
        byte[] plaintext = inputs.Bytes("plaintext"), frame = new byte[plaintext.Length + FcpcHeader.OverheadBytes];
        FcpcCipher.Seal(
            aead, inputs.Bytes("key"), DatagramOps.Session(inputs), Seq(inputs), DatagramOps.Direction(inputs), checked((FcpcFlags)inputs.Int("flags")),
            plaintext, frame);
        return new VectorResult().Bytes("frame", frame);
    }

    private static VectorResult Decode(VectorInputs inputs)
    {
        byte[] frame = inputs.Bytes("bytes");
        FcpStatus status = FcpcHeader.ParseFrame(frame, Limit(inputs), out FcpcHeader header);
        return status == FcpStatus.Accepted
            ? new VectorResult()
                .Node("header", HeaderNode(header))
                .Number("ciphertext_len", header.CiphertextBytes)
                .Bytes("tag", frame.AsSpan(frame.Length - CryptoSizes.TagBytes))
            : VectorResult.Refused(status);
    }

    private static VectorResult Open(VectorInputs inputs, IAeadEngine aead)
    {
        byte[] frame = inputs.Bytes("bytes");
        FcpStatus status = FcpcHeader.ParseFrame(frame, Limit(inputs), out FcpcHeader header);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] plaintext = new byte[frame.Length - FcpcHeader.OverheadBytes];
        status = FcpcCipher.Open(aead, inputs.Bytes("key"), header, DatagramOps.Direction(inputs), frame, plaintext);
        return status == FcpStatus.Accepted ? new VectorResult().Bytes("plaintext", plaintext) : VectorResult.Refused(status);
    }

    private static JsonObject HeaderNode(in FcpcHeader header) => new()
    {
        ["version"] = FcpcHeader.Version,
        ["session_id"] = header.SessionId.ToString(),
        ["seq"] = header.Seq.ToString(),
        ["flags"] = (ushort)header.Flags,
        ["len"] = header.CiphertextBytes,
    };

    private static int Limit(VectorInputs inputs) => inputs.TryInt("limit") ?? FcpcHeader.CiphertextBytesMax;

    private static FrameSeq Seq(VectorInputs inputs) => new(inputs.ULong("seq"));
}
