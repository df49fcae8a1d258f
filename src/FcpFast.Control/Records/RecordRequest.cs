using System;
using FcpFast.Control.Identities;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Records;

/// <summary>Asks for attestations and revocations that the sender lacks.</summary>
/// <param name="RevocationSerial">The serial of the list that the sender has; 0 for none.</param>
/// <param name="Attestations">A digest of the attestations that it has: if the peer's is equal, there is nothing to send.</param>
/// <param name="After">Only attestations of nodes behind this one are wanted; empty for all.</param>
/// <remarks>
/// <code>{after: text opt, attestations: bstr 32, revocation_serial: uint}</code>
/// Source: README.md of this project.
/// </remarks>
public readonly record struct RecordRequest(ulong RevocationSerial, Bytes32 Attestations, NodeId After)
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = ControlSchemas.RecordRequest.ComputeHash();

    /// <summary>Reads the schema-prefixed payload.</summary>
    /// <remarks>Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, <c>InvalidNodeId</c>.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out RecordRequest request)
    {
        request = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        NodeId after = default;
        bool hasAfter = map.TryField("after"u8, out CborItem item);
        if (hasAfter && !item.TryGetText(out _)) map.Fail(FcpStatus.CborDeserialize);
        Bytes32 attestations = map.Bytes32("attestations"u8);
        ulong serial = map.Unsigned("revocation_serial"u8);
        status = map.End();
        if (status == FcpStatus.Accepted && hasAfter && item.TryGetText(out ReadOnlySpan<byte> text)) status = NodeId.Parse(text, out after);
        if (status == FcpStatus.Accepted) request = new RecordRequest(serial, attestations, after);
        return status;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    public void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(After.IsEmpty ? 2 : 3);
        if (!After.IsEmpty)
        {
            writer.Key("after"u8);
            writer.Text(After.ToString());
        }

        writer.Key("attestations"u8);
        writer.Bytes(Attestations);
        writer.Key("revocation_serial"u8);
        writer.Unsigned(RevocationSerial);
    }
}
