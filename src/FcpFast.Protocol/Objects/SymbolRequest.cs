using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Asks for symbols of an object.</summary>
/// <remarks>
/// Shape:  a view of the payload, or of the caller's bytes when one is made; owns nothing. What was parsed is not yet bounded
///         (<see cref="SymbolRequestRules"/>) nor verified.
/// Source: [WIRE §16.1].
/// </remarks>
public ref struct SymbolRequest
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.SymbolRequest.ComputeHash();

    /// <summary>When it was made; outside the signature.</summary>
    public ulong CreatedAtUnixSeconds { get; set; }

    /// <summary>The object asked for.</summary>
    public ObjectAddress Address { get; set; }

    /// <summary>How many symbols to send at most.</summary>
    public uint MaxSymbols { get; set; }

    /// <summary>Larger is more urgent.</summary>
    public byte Priority { get; set; }

    /// <summary>Which symbols are missing.</summary>
    public MissingHint MissingHint { get; set; }

    /// <summary>64 bytes.</summary>
    public ReadOnlySpan<byte> Signature { get; set; }

    /// <summary>Reads the payload.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, <c>SchemaMismatch</c>
    ///         (of the header), <c>ZoneIdMismatch</c> (header and message name two).
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out SymbolRequest request)
    {
        request = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ObjectHeaderView header = SymbolMessage.ReadHeader(ref map, Schemas.SymbolRequest);
        ReadOnlySpan<byte> zone = SymbolMessage.ReadZone(ref map, header);
        ulong epoch = map.Unsigned("epoch_id"u8);
        uint priority = map.Unsigned("priority"u8, byte.MaxValue);
        ReadOnlySpan<byte> objectId = map.Bytes("object_id"u8, ObjectId.Length);
        ReadOnlySpan<byte> signature = map.Bytes("signature"u8, CryptoSizes.SignatureBytes);
        uint maxSymbols = map.Unsigned("max_symbols"u8, uint.MaxValue);
        ReadOnlySpan<byte> zoneKeyId = map.Bytes("zone_key_id"u8, ZoneKeyId.Length);
        MissingHint hint = MissingHint.Read(ref map);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        request = new SymbolRequest
        {
            CreatedAtUnixSeconds = header.CreatedAtUnixSeconds,
            Address = new ObjectAddress(ObjectId.Read(objectId), zone, new ZoneKeyId(Bytes8.Read(zoneKeyId)), new EpochId(epoch)),
            MaxSymbols = maxSymbols,
            Priority = (byte)priority,
            MissingHint = hint,
            Signature = signature,
        };
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the schema-prefixed payload; the signature has been set.</summary>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(8 + (MissingHint.IsPresent ? 1 : 0));
        SymbolMessage.WriteHeader(writer, Schemas.SymbolRequest, Address.Zone, CreatedAtUnixSeconds, Signature);
        writer.Key("zone_id"u8);
        writer.Text(Address.Zone);
        writer.Key("epoch_id"u8);
        writer.Unsigned(Address.Epoch.Value);
        writer.Key("priority"u8);
        writer.Unsigned(Priority);
        writer.Key("object_id"u8);
        writer.Bytes(Address.ObjectId.Value);
        writer.Key("signature"u8);
        writer.Bytes(Signature);
        writer.Key("max_symbols"u8);
        writer.Unsigned(MaxSymbols);
        writer.Key("zone_key_id"u8);
        writer.Bytes(Address.ZoneKeyId.Value);
        MissingHint.WriteField(writer);
    }

    /// <summary>Writes what the signature covers.</summary>
    public readonly void WriteTranscript(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Raw("FCP2-SYMBOL-REQUEST-V1"u8);
        Address.WriteTranscript(writer);
        TranscriptIntegers.U32(writer, MaxSymbols);
        TranscriptIntegers.U8(writer, Priority);
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
