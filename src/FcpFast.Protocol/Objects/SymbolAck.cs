using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Ends the sending of an object.</summary>
/// <remarks>
/// Shape:  as <see cref="SymbolRequest"/>, without a hint.
/// Source: [WIRE §16.3].
/// </remarks>
public ref struct SymbolAck
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.SymbolAck.ComputeHash();

    /// <summary>When it was made; outside the signature.</summary>
    public ulong CreatedAtUnixSeconds { get; set; }

    /// <summary>The object spoken of.</summary>
    public ObjectAddress Address { get; set; }

    /// <summary>Why no more symbols are wanted.</summary>
    public SymbolAckReason Reason { get; set; }

    /// <summary>Symbols that had arrived.</summary>
    public uint FinalSymbolCount { get; set; }

    /// <summary>The id of what was put together, if it was.</summary>
    public ObjectId? ReconstructedObjectId { get; set; }

    /// <summary>64 bytes.</summary>
    public ReadOnlySpan<byte> Signature { get; set; }

    /// <summary>Reads the payload.</summary>
    /// <remarks>Errors: as <see cref="SymbolRequest.Parse"/>; <c>CborDeserialize</c> for an unknown reason. Cost: no allocation.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out SymbolAck message)
    {
        message = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ObjectHeaderView header = SymbolMessage.ReadHeader(ref map, Schemas.SymbolAck);
        SymbolAckReason reason = ReadReason(map.Text("reason"u8));
        if (reason == SymbolAckReason.Unset) map.Fail(FcpStatus.CborDeserialize);
        ReadOnlySpan<byte> zone = SymbolMessage.ReadZone(ref map, header);
        ulong epoch = map.Unsigned("epoch_id"u8);
        ReadOnlySpan<byte> objectId = map.Bytes("object_id"u8, ObjectId.Length);
        ReadOnlySpan<byte> signature = map.Bytes("signature"u8, CryptoSizes.SignatureBytes);
        ReadOnlySpan<byte> zoneKeyId = map.Bytes("zone_key_id"u8, ZoneKeyId.Length);
        uint count = map.Unsigned("final_symbol_count"u8, uint.MaxValue);
        ReadOnlySpan<byte> reconstructed = map.TryBytes("reconstructed_object_id"u8, ObjectId.Length);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        message = new SymbolAck
        {
            CreatedAtUnixSeconds = header.CreatedAtUnixSeconds,
            Address = new ObjectAddress(ObjectId.Read(objectId), zone, new ZoneKeyId(Bytes8.Read(zoneKeyId)), new EpochId(epoch)),
            Reason = reason,
            FinalSymbolCount = count,
            ReconstructedObjectId = reconstructed.IsEmpty ? null : ObjectId.Read(reconstructed),
            Signature = signature,
        };
        return FcpStatus.Accepted;
    }

    /// <summary>The reason that a text of the wire names; <see cref="SymbolAckReason.Unset"/> for any other.</summary>
    public static SymbolAckReason ReadReason(ReadOnlySpan<byte> text)
    {
        for (SymbolAckReason reason = SymbolAckReason.Complete; reason <= SymbolAckReason.DecodeFailed; reason++)
        {
            if (text.SequenceEqual(ReasonText(reason))) return reason;
        }

        return SymbolAckReason.Unset;
    }

    /// <summary>Writes the schema-prefixed payload; the signature has been set.</summary>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (ReasonText(Reason).IsEmpty) ThrowHelper.BadState("an ack has a reason");
        writer.BeginPayload(Schema);
        writer.BeginMap(8 + (ReconstructedObjectId is null ? 0 : 1));
        SymbolMessage.WriteHeader(writer, Schemas.SymbolAck, Address.Zone, CreatedAtUnixSeconds, Signature);
        writer.Key("reason"u8);
        writer.Text(ReasonText(Reason));
        writer.Key("zone_id"u8);
        writer.Text(Address.Zone);
        writer.Key("epoch_id"u8);
        writer.Unsigned(Address.Epoch.Value);
        writer.Key("object_id"u8);
        writer.Bytes(Address.ObjectId.Value);
        writer.Key("signature"u8);
        writer.Bytes(Signature);
        writer.Key("zone_key_id"u8);
        writer.Bytes(Address.ZoneKeyId.Value);
        writer.Key("final_symbol_count"u8);
        writer.Unsigned(FinalSymbolCount);
        if (ReconstructedObjectId is not { } reconstructed) return;
        writer.Key("reconstructed_object_id"u8);
        writer.Bytes(reconstructed.Value);
    }

    /// <summary>Writes what the signature covers.</summary>
    public readonly void WriteTranscript(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Reason == SymbolAckReason.Unset) ThrowHelper.BadState("an ack has a reason");
        writer.Raw("FCP2-SYMBOL-ACK-V1"u8);
        Address.WriteTranscript(writer);
        TranscriptIntegers.U8(writer, (byte)(Reason - SymbolAckReason.Complete));
        TranscriptIntegers.U32(writer, FinalSymbolCount);
        TranscriptIntegers.U8(writer, ReconstructedObjectId is null ? (byte)0 : (byte)1);
        if (ReconstructedObjectId is not { } reconstructed) return;
        Span<byte> bytes = stackalloc byte[ObjectId.Length];
        reconstructed.Value.Write(bytes);
        writer.Raw(bytes);
    }

    /// <summary>Signs; the caller keeps the 64 bytes and sets <see cref="Signature"/> to them.</summary>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="seed">Of the node's signing key.</param>
    /// <param name="scratch">Holds the transcript afterwards.</param>
    /// <param name="signature">64 bytes.</param>
    public readonly void Sign(ISignatures signatures, ReadOnlySpan<byte> seed, CborWriter scratch, Span<byte> signature)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(scratch);
        WriteTranscript(scratch.Reset());
        signatures.Sign(seed, scratch.Written, signature);
    }

    /// <summary>Verifies the signature; the caller has found zone and zone key in its ring before (<c>UnknownZoneKey</c>).</summary>
    /// <param name="signatures">Ed25519.</param>
    /// <param name="publicKey">The signer's.</param>
    /// <param name="scratch">Holds the transcript afterwards.</param>
    /// <remarks>Errors: <c>SignatureInvalid</c>.</remarks>
    public readonly FcpStatus Verify(ISignatures signatures, ReadOnlySpan<byte> publicKey, CborWriter scratch)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(scratch);
        WriteTranscript(scratch.Reset());
        return signatures.Verify(publicKey, scratch.Written, Signature) ? FcpStatus.Accepted : FcpStatus.SignatureInvalid;
    }

    private static ReadOnlySpan<byte> ReasonText(SymbolAckReason reason) => reason switch
    {
        SymbolAckReason.Complete => "Complete"u8,
        SymbolAckReason.Canceled => "Canceled"u8,
        SymbolAckReason.ResourceExhausted => "ResourceExhausted"u8,
        SymbolAckReason.DecodeFailed => "DecodeFailed"u8,
        _ => default,
    };
}
