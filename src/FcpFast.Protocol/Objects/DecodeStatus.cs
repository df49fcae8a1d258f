using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Tells how much of an object has arrived; a complete one stops the transfer.</summary>
/// <remarks>
/// Shape:  as <see cref="SymbolRequest"/>; <see cref="Check"/> bounds its hint.
/// Source: [WIRE §16.2].
/// </remarks>
public ref struct DecodeStatus
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.DecodeStatus.ComputeHash();

    /// <summary>When it was made; outside the signature.</summary>
    public ulong CreatedAtUnixSeconds { get; set; }

    /// <summary>The object spoken of.</summary>
    public ObjectAddress Address { get; set; }

    /// <summary>Different symbols that have arrived.</summary>
    public uint ReceivedUnique { get; set; }

    /// <summary>K: a full-rank test, not this count, decides whether more are needed.</summary>
    public uint Needed { get; set; }

    /// <summary>True if the object is whole.</summary>
    public bool IsComplete { get; set; }

    /// <summary>Which symbols are missing.</summary>
    public MissingHint MissingHint { get; set; }

    /// <summary>64 bytes.</summary>
    public ReadOnlySpan<byte> Signature { get; set; }

    /// <summary>Reads the payload.</summary>
    /// <remarks>Errors: as <see cref="SymbolRequest.Parse"/>. Cost: no allocation.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out DecodeStatus message)
    {
        message = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ObjectHeaderView header = SymbolMessage.ReadHeader(ref map, Schemas.DecodeStatus);
        uint needed = map.Unsigned("needed"u8, uint.MaxValue);
        ReadOnlySpan<byte> zone = SymbolMessage.ReadZone(ref map, header);
        bool isComplete = map.Boolean("complete"u8);
        ulong epoch = map.Unsigned("epoch_id"u8);
        ReadOnlySpan<byte> objectId = map.Bytes("object_id"u8, ObjectId.Length);
        ReadOnlySpan<byte> signature = map.Bytes("signature"u8, CryptoSizes.SignatureBytes);
        ReadOnlySpan<byte> zoneKeyId = map.Bytes("zone_key_id"u8, ZoneKeyId.Length);
        MissingHint hint = MissingHint.Read(ref map);
        uint received = map.Unsigned("received_unique"u8, uint.MaxValue);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        message = new DecodeStatus
        {
            CreatedAtUnixSeconds = header.CreatedAtUnixSeconds,
            Address = new ObjectAddress(ObjectId.Read(objectId), zone, new ZoneKeyId(Bytes8.Read(zoneKeyId)), new EpochId(epoch)),
            ReceivedUnique = received,
            Needed = needed,
            IsComplete = isComplete,
            MissingHint = hint,
            Signature = signature,
        };
        return FcpStatus.Accepted;
    }

    /// <summary>Judges the hint: <c>HintTooLarge</c>, <c>InvalidRequest</c>.</summary>
    public readonly FcpStatus Check() => MissingHint.Check();

    /// <summary>Writes the schema-prefixed payload; the signature has been set.</summary>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(9 + (MissingHint.IsPresent ? 1 : 0));
        SymbolMessage.WriteHeader(writer, Schemas.DecodeStatus, Address.Zone, CreatedAtUnixSeconds, Signature);
        writer.Key("needed"u8);
        writer.Unsigned(Needed);
        writer.Key("zone_id"u8);
        writer.Text(Address.Zone);
        writer.Key("complete"u8);
        writer.Boolean(IsComplete);
        writer.Key("epoch_id"u8);
        writer.Unsigned(Address.Epoch.Value);
        writer.Key("object_id"u8);
        writer.Bytes(Address.ObjectId.Value);
        writer.Key("signature"u8);
        writer.Bytes(Signature);
        writer.Key("zone_key_id"u8);
        writer.Bytes(Address.ZoneKeyId.Value);
        MissingHint.WriteField(writer);
        writer.Key("received_unique"u8);
        writer.Unsigned(ReceivedUnique);
    }

    /// <summary>Writes what the signature covers.</summary>
    public readonly void WriteTranscript(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Raw("FCP2-DECODE-STATUS-V1"u8);
        Address.WriteTranscript(writer);
        TranscriptIntegers.U32(writer, ReceivedUnique);
        TranscriptIntegers.U32(writer, Needed);
        TranscriptIntegers.U8(writer, IsComplete ? (byte)1 : (byte)0);
        MissingHint.WriteTranscript(writer);
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
    /// <remarks>Errors: <c>HintTooLarge</c>, before any work; <c>SignatureInvalid</c>.</remarks>
    public readonly FcpStatus Verify(ISignatures signatures, ReadOnlySpan<byte> publicKey, CborWriter scratch)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        ArgumentNullException.ThrowIfNull(scratch);
        if (MissingHint.Count > ObjectLimits.HintEntriesMax) return FcpStatus.HintTooLarge;
        WriteTranscript(scratch.Reset());
        return signatures.Verify(publicKey, scratch.Written, Signature) ? FcpStatus.Accepted : FcpStatus.SignatureInvalid;
    }
}
