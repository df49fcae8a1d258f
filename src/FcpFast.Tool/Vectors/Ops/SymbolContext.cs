using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;
using FcpFast.Protocol.Keys;
using FcpFast.Protocol.Wire;

namespace FcpFast.Tool.Vectors.Ops;

/// <summary>The <c>ctx</c> of the vectors: everything that a symbol's subkey, nonce and associated data depend on, but its ESI.</summary>
internal sealed record SymbolContext(
    AeadAlgorithm Algorithm, ZoneKeyId ZoneKeyId, ZoneIdHash Zone, ObjectId ObjectId, ushort K, EpochId Epoch, SenderInstanceId Instance,
    FrameSeq Seq, byte[] Subkey)
{
    /// <summary>Reads the inputs and derives the subkey.</summary>
    /// <remarks>Errors: those of zone and node ids.</remarks>
    public static FcpStatus Read(VectorInputs inputs, IKdf kdf, out SymbolContext? context)
    {
        context = null;
        FcpStatus status = ZoneId.Parse(inputs.Text("zone_id"), out ZoneId zone);
        if (status != FcpStatus.Accepted) return status;
        status = NodeId.Parse(inputs.Text("sender_node_id"), out NodeId source);
        if (status != FcpStatus.Accepted) return status;
        var zoneKeyId = new ZoneKeyId(Bytes8.Read(inputs.Bytes("zone_key_id")));
        var instance = new SenderInstanceId(inputs.ULong("sender_instance_id"));
        byte[] subkey = new byte[CryptoSizes.KeyBytes];
        SymbolCipher.DeriveSymbolKey(kdf, zoneKeyId, inputs.Bytes("zone_key"), source, instance, subkey);
        context = new SymbolContext(
            PrimitiveOps.Algorithm(inputs.Text("algorithm")), zoneKeyId, zone.ComputeHash(), ObjectId.Read(inputs.Bytes("object_id")),
            checked((ushort)inputs.Int("k")), new EpochId(inputs.ULong("epoch_id")), instance, new FrameSeq(inputs.ULong("frame_seq")), subkey);
        return FcpStatus.Accepted;
    }

    public byte[] Nonce(uint esi)
    {
        byte[] nonce = new byte[CryptoSizes.NonceBytes(Algorithm)];
        SymbolCipher.WriteNonce(Algorithm, Instance, Seq, esi, nonce);
        return nonce;
    }

    public byte[] AssociatedData(uint esi)
    {
        byte[] associated = new byte[SymbolCipher.AssociatedDataBytes];
        SymbolCipher.WriteAssociatedData(associated, ObjectId, esi, K, Zone, ZoneKeyId, Epoch);
        return associated;
    }

    public FcpsHeader Header(FrameFlags flags, int symbolCount, int symbolBytes) => new(
        flags, (uint)symbolCount, (uint)(FrameWriter.FrameBytes(symbolCount, symbolBytes) - FcpsLayout.HeaderBytes), ObjectId,
        (ushort)symbolBytes, ZoneKeyId, Zone, Epoch, Instance, Seq);
}
