using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Objects;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The symbol messages of the family symbol_control. [WIRE §16.1] to [WIRE §16.3]</summary>
/// <remarks>Each is signed, written, parsed again and verified; so a case also fails if the reader disagrees with the writer.</remarks>
internal static class SymbolControlOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ISignatures signatures = crypto.Signatures;
        ops["symbol_request"] = inputs => Request(inputs, signatures);
        ops["decode_status"] = inputs => Status(inputs, signatures);
        ops["symbol_ack"] = inputs => Ack(inputs, signatures);
        ops["control_payload"] = inputs => inputs.Text("kind") switch
        {
            "SymbolRequest" => Request(inputs, signatures),
            "DecodeStatus" => Status(inputs, signatures),
            "SymbolAck" => Ack(inputs, signatures),
            string kind => throw new VectorFormatException($"unknown kind '{kind}'"),
        };
    }

    private static VectorResult Request(VectorInputs inputs, ISignatures signatures)
    {
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        var transcript = new CborWriter();
        var payload = new CborWriter();
        var request = new SymbolRequest
        {
            CreatedAtUnixSeconds = inputs.TryULong("created_at") ?? 0,
            Address = AddressOf(inputs),
            MaxSymbols = inputs.UInt("max_symbols"),
            Priority = (byte)inputs.UInt("priority"),
            MissingHint = HintOf(inputs),
        };
        request.Sign(signatures, inputs.Bytes("signing_seed"), transcript, signature);
        request.Signature = signature;
        request.Write(payload);
        FcpStatus status = SymbolRequest.Parse(payload.Written, out SymbolRequest parsed);
        if (status == FcpStatus.Accepted) status = parsed.Verify(signatures, PublicKeyOf(inputs, signatures), new CborWriter());
        return Result(status, transcript, signature, payload);
    }

    private static VectorResult Status(VectorInputs inputs, ISignatures signatures)
    {
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        var transcript = new CborWriter();
        var payload = new CborWriter();
        var message = new DecodeStatus
        {
            CreatedAtUnixSeconds = inputs.TryULong("created_at") ?? 0,
            Address = AddressOf(inputs),
            ReceivedUnique = inputs.UInt("received_unique"),
            Needed = inputs.UInt("needed"),
            IsComplete = inputs.Flag("complete"),
            MissingHint = HintOf(inputs),
        };
        message.Sign(signatures, inputs.Bytes("signing_seed"), transcript, signature);
        message.Signature = signature;
        message.Write(payload);
        FcpStatus status = DecodeStatus.Parse(payload.Written, out DecodeStatus parsed);
        if (status == FcpStatus.Accepted) status = parsed.Verify(signatures, PublicKeyOf(inputs, signatures), new CborWriter());
        return Result(status, transcript, signature, payload);
    }

    private static VectorResult Ack(VectorInputs inputs, ISignatures signatures)
    {
        byte[] signature = new byte[CryptoSizes.SignatureBytes];
        byte[]? reconstructed = inputs.TryBytes("reconstructed_object_id");
        var transcript = new CborWriter();
        var payload = new CborWriter();
        var message = new SymbolAck
        {
            CreatedAtUnixSeconds = inputs.TryULong("created_at") ?? 0,
            Address = AddressOf(inputs),
            Reason = SymbolAck.ReadReason(Encoding.UTF8.GetBytes(inputs.Text("reason"))),
            FinalSymbolCount = inputs.UInt("final_symbol_count"),
            ReconstructedObjectId = reconstructed is null ? null : ObjectId.Read(reconstructed),
        };
        if (message.Reason == SymbolAckReason.Unset) return VectorResult.Refused(FcpStatus.CborDeserialize);
        message.Sign(signatures, inputs.Bytes("signing_seed"), transcript, signature);
        message.Signature = signature;
        message.Write(payload);
        FcpStatus status = SymbolAck.Parse(payload.Written, out SymbolAck parsed);
        if (status == FcpStatus.Accepted) status = parsed.Verify(signatures, PublicKeyOf(inputs, signatures), new CborWriter());
        return Result(status, transcript, signature, payload);
    }

    private static VectorResult Result(FcpStatus status, CborWriter transcript, ReadOnlySpan<byte> signature, CborWriter payload)
    {
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Bytes("transcript", transcript.Written)
            .Bytes("signature", signature)
            .Bytes("payload", payload.Written);
    }

    private static ObjectAddress AddressOf(VectorInputs inputs) => new(
        ObjectId.Read(inputs.Bytes("object_id")),
        Encoding.UTF8.GetBytes(inputs.Text("zone_id")),
        new ZoneKeyId(Bytes8.Read(inputs.Bytes("zone_key_id"))),
        new EpochId(inputs.ULong("epoch_id")));

    private static MissingHint HintOf(VectorInputs inputs)
    {
        if (!inputs.TryGet("missing_hint", out JsonElement hint)) return default;
        uint[] esis = [.. hint.EnumerateArray().Select(static esi => esi.GetUInt32())];
        return new MissingHint(esis);
    }

    private static byte[] PublicKeyOf(VectorInputs inputs, ISignatures signatures)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes];
        signatures.DerivePublicKey(inputs.Bytes("signing_seed"), key);
        return key;
    }
}
