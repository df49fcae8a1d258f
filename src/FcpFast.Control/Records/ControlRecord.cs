using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Records;

/// <summary>A record as it travels: a schema-prefixed payload, the same over FCPC and in files.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">Schema hash and canonical CBOR.</param>
/// <remarks>Source: [WIRE §3] (schema-prefixed payload), [WIRE §9].</remarks>
public readonly record struct ControlRecord(RecordKind Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The longest payload: a manifest of its largest size.</summary>
    public const int PayloadBytesMax = SchemaHash.Length + CborLimits.ManifestBytesMax;

    private static readonly Dictionary<RecordKind, SchemaHash> HashOf = new()
    {
        [RecordKind.OwnerCard] = ControlSchemas.OwnerCard.ComputeHash(),
        [RecordKind.EnrolmentRequest] = ControlSchemas.EnrolmentRequest.ComputeHash(),
        [RecordKind.Attestation] = ControlSchemas.NodeKeyAttestation.ComputeHash(),
        [RecordKind.Revocations] = ControlSchemas.RevocationList.ComputeHash(),
        [RecordKind.Profile] = Schemas.ZoneSecurityProfile.ComputeHash(),
        [RecordKind.Manifest] = Schemas.ZoneKeyManifest.ComputeHash(),
        [RecordKind.Generation] = ControlSchemas.Generation.ComputeHash(),
        [RecordKind.Evidence] = ControlSchemas.EquivocationEvidence.ComputeHash(),
        [RecordKind.GroupMessage] = Schemas.MlsMessage.ComputeHash(),
        [RecordKind.MembershipGrant] = ControlSchemas.MembershipGrant.ComputeHash(),
        [RecordKind.HealOrder] = ControlSchemas.HealOrder.ComputeHash(),
    };

    private static readonly FrozenDictionary<SchemaHash, RecordKind> KindOfHash =
        HashOf.ToFrozenDictionary(static pair => pair.Value, static pair => pair.Key);

    /// <summary>The record itself, without its schema hash.</summary>
    public ReadOnlyMemory<byte> Cbor => Payload[SchemaHash.Length..];

    /// <summary>What a payload of this schema is.</summary>
    public static RecordKind KindOf(SchemaHash schema) => KindOfHash.GetValueOrDefault(schema);

    /// <summary>Puts the schema hash before a record.</summary>
    public static ControlRecord Of(RecordKind kind, ReadOnlySpan<byte> cbor)
    {
        byte[] payload = new byte[SchemaHash.Length + cbor.Length];
        HashOf[kind].Value.Write(payload);
        cbor.CopyTo(payload.AsSpan(SchemaHash.Length));
        return new ControlRecord(kind, payload);
    }

    /// <summary>Reads what a payload is; the record itself is not looked at yet.</summary>
    /// <remarks>Errors: <c>PayloadTooLarge</c>, <c>MissingSchemaHashPrefix</c>, <c>UnknownSchema</c>.</remarks>
    public static FcpStatus Parse(ReadOnlyMemory<byte> payload, out ControlRecord record)
    {
        record = default;
        FcpStatus status = CanonicalCbor.ReadSchema(payload.Span, PayloadBytesMax, out SchemaHash schema);
        if (status != FcpStatus.Accepted) return status;
        RecordKind kind = KindOf(schema);
        if (kind == RecordKind.Unknown) return FcpStatus.UnknownSchema;
        record = new ControlRecord(kind, payload);
        return FcpStatus.Accepted;
    }
}
