using System;
using System.Collections.Generic;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The family symbol_envelope, and the sealed frames of fcps_frame. [WIRE §5]</summary>
internal static class SymbolOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["nonce12"] = Nonce12;
        ops["nonce24"] = Nonce24;
        ops["symbol_aad"] = AssociatedData;
        ops["symbol_seal"] = inputs => SymbolSeal(inputs, crypto);
        ops["symbol_open"] = inputs => SymbolOpen(inputs, crypto);
        ops["sealed_frame"] = inputs => SealedFrame(inputs, crypto);
    }

    private static VectorResult Nonce12(VectorInputs inputs)
    {
        byte[] nonce = new byte[CryptoSizes.ChaChaNonceBytes];
        SymbolCipher.WriteNonce(AeadAlgorithm.ChaCha20Poly1305, default, new FrameSeq(inputs.ULong("frame_seq")), inputs.UInt("esi"), nonce);
        return new VectorResult().Bytes("nonce", nonce);
    }

    private static VectorResult Nonce24(VectorInputs inputs)
    {
        byte[] nonce = new byte[CryptoSizes.XChaChaNonceBytes];
        var instance = new SenderInstanceId(inputs.ULong("sender_instance_id"));
        SymbolCipher.WriteNonce(AeadAlgorithm.XChaCha20Poly1305, instance, new FrameSeq(inputs.ULong("frame_seq")), inputs.UInt("esi"), nonce);
        return new VectorResult().Bytes("nonce", nonce);
    }

    private static VectorResult AssociatedData(VectorInputs inputs)
    {
        byte[] associated = new byte[SymbolCipher.AssociatedDataBytes];
        SymbolCipher.WriteAssociatedData(
            associated, ObjectId.Read(inputs.Bytes("object_id")), inputs.UInt("esi"), checked((ushort)inputs.Int("k")),
            new ZoneIdHash(Bytes32.Read(inputs.Bytes("zone_id_hash"))), new ZoneKeyId(Bytes8.Read(inputs.Bytes("zone_key_id"))),
            new EpochId(inputs.ULong("epoch_id")));
        return new VectorResult().Bytes("aad", associated);
    }

    private static VectorResult SymbolSeal(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = SymbolContext.Read(inputs, crypto.Kdf, out SymbolContext? context);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        uint esi = inputs.UInt("esi");
        byte[] nonce = context!.Nonce(esi), associated = context.AssociatedData(esi), plaintext = inputs.Bytes("plaintext");
        byte[] sealedBytes = new byte[plaintext.Length + CryptoSizes.TagBytes];
        crypto.Aead.SealOne(context.Algorithm, context.Subkey, nonce, associated, plaintext, sealedBytes);
        return new VectorResult()
            .Bytes("subkey", context.Subkey)
            .Bytes("nonce", nonce)
            .Bytes("aad", associated)
            .Bytes("ciphertext", sealedBytes.AsSpan(0, plaintext.Length))
            .Bytes("tag", sealedBytes.AsSpan(plaintext.Length));
    }

    private static VectorResult SymbolOpen(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = SymbolContext.Read(inputs, crypto.Kdf, out SymbolContext? context);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        uint esi = inputs.UInt("esi");
        byte[] ciphertext = inputs.Bytes("ciphertext"), tag = inputs.Bytes("tag"), plaintext = new byte[ciphertext.Length];
        if (tag.Length != CryptoSizes.TagBytes) throw new VectorFormatException("a tag is 16 bytes");
        return crypto.Aead.OpenOne(
            context!.Algorithm, context.Subkey, context.Nonce(esi), context.AssociatedData(esi), [.. ciphertext, .. tag], plaintext)
            ? new VectorResult().Bytes("plaintext", plaintext)
            : VectorResult.Refused(FcpStatus.DecryptFailed);
    }

    /// <summary>A whole frame, its symbols sealed in place as one batch.</summary>
    private static VectorResult SealedFrame(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = SymbolContext.Read(inputs, crypto.Kdf, out SymbolContext? context);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        int count = inputs.Int("symbol_count"), symbolBytes = inputs.Int("symbol_size");
        uint firstEsi = inputs.UInt("first_esi");
        byte[] plaintext = new byte[count * symbolBytes], frame = new byte[FrameWriter.FrameBytes(count, symbolBytes)];
        VectorInputs.KeyStream(inputs.Bytes("stream_key"), plaintext);
        status = FrameWriter.WriteHeader(frame, context!.Header(checked((FrameFlags)inputs.Int("flags")), count, symbolBytes));
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var items = new AeadItem[count];
        var nonces = new List<byte>();
        var associated = new List<byte>();
        for (int i = 0; i < count; i++)
        {
            uint esi = firstEsi + (uint)i;
            int record = FcpsLayout.HeaderBytes + (i * (symbolBytes + FcpsLayout.RecordOverheadBytes));
            FrameWriter.WriteRecordHead(frame.AsSpan(record), esi, context.K);
            items[i] = new AeadItem(i * symbolBytes, record + FcpsLayout.RecordHeadBytes);
            nonces.AddRange(context.Nonce(esi));
            associated.AddRange(context.AssociatedData(esi));
        }

        var batch = new AeadBatch(
            context.Algorithm, plaintext, frame, items, symbolBytes, nonces.ToArray(), associated.ToArray(),
            SymbolCipher.AssociatedDataBytes, sealing: true);
        crypto.Aead.Seal(context.Subkey, batch);
        return new VectorResult().Bytes("frame", frame);
    }
}
