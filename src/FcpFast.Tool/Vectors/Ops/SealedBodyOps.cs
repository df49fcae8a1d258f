using System.Collections.Generic;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Objects;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The zone-sealed bodies of the family transfers. [WIRE §16.8]</summary>
internal static class SealedBodyOps
{
    public static void Add(Dictionary<string, VectorOp> ops, CryptoProvider crypto)
    {
        ops["control_key"] = inputs => ControlKey(inputs, crypto);
        ops["zone_seal"] = inputs => ZoneSeal(inputs, crypto);
        ops["zone_open"] = inputs => ZoneOpen(inputs, crypto);
    }

    private static VectorResult ControlKey(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = NodeId.Parse(inputs.Text("sender_node_id"), out NodeId source);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var instance = new SenderInstanceId(inputs.ULong("sender_instance_id"));
        return new VectorResult().Bytes("control_key", Derive(inputs, crypto, source, instance));
    }

    private static VectorResult ZoneSeal(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = NodeId.Parse(inputs.Text("sender_node_id"), out NodeId source);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        var origin = new BodyOrigin(
            zone, new EpochId(inputs.ULong("epoch_id")), source, new SenderInstanceId(inputs.ULong("sender_instance_id")),
            new FrameSeq(inputs.ULong("seq")));
        AeadAlgorithm algorithm = PrimitiveOps.Algorithm(inputs.Text("algorithm"));
        byte[] controlKey = Derive(inputs, crypto, source, origin.Instance);
        var writer = new CborWriter();
        SealedBody.Seal(writer, crypto.Aead, new BodyKey(KeyIdOf(inputs), algorithm, controlKey), origin, inputs.Bytes("payload"));

        status = SealedBody.Parse(writer.Written, out SealedBody body);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] nonce = new byte[CryptoSizes.NonceBytes(algorithm)], associated = new byte[body.AssociatedDataBytes];
        SymbolCipher.WriteNonce(algorithm, origin.Instance, origin.Seq, 0, nonce);
        body.WriteAssociatedData(associated);
        return new VectorResult()
            .Bytes("control_key", controlKey)
            .Bytes("nonce", nonce)
            .Bytes("aad", associated)
            .Bytes("sealed", body.Sealed)
            .Bytes("sealed_payload", writer.Written);
    }

    private static VectorResult ZoneOpen(VectorInputs inputs, CryptoProvider crypto)
    {
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = SealedBody.Parse(inputs.Bytes("bytes"), out SealedBody body);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        status = NodeId.Parse(body.Source, out NodeId source);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        byte[] plaintext = new byte[body.PlaintextBytes];
        byte[] controlKey = Derive(inputs, crypto, source, body.Instance);
        var key = new BodyKey(KeyIdOf(inputs), PrimitiveOps.Algorithm(inputs.Text("algorithm")), controlKey);
        status = body.Open(crypto.Aead, zone, key, plaintext);
        if (status != FcpStatus.Accepted) return VectorResult.Refused(status);
        return new VectorResult()
            .Text("source", Encoding.ASCII.GetString(body.Source))
            .Number64("sender_instance_id", body.Instance.Value)
            .Number64("seq", body.Seq.Value)
            .Number64("epoch_id", body.Epoch.Value)
            .Bytes("plaintext", plaintext);
    }

    private static ZoneKeyId KeyIdOf(VectorInputs inputs) => new(Bytes8.Read(inputs.Bytes("zone_key_id")));

    private static byte[] Derive(VectorInputs inputs, CryptoProvider crypto, NodeId source, SenderInstanceId instance)
    {
        byte[] key = new byte[CryptoSizes.KeyBytes];
        SymbolCipher.DeriveControlKey(crypto.Kdf, KeyIdOf(inputs), inputs.Bytes("zone_key"), source, instance, key);
        return key;
    }
}
