using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>A body that says nothing: that it opens proves which source its instance belongs to.</summary>
/// <remarks>Source: [WIRE §16.8].</remarks>
public static class StreamBody
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.Stream.ComputeHash();

    /// <summary>Reads the payload: an empty map.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c> for any field.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload)
    {
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        return status == FcpStatus.Accepted ? CborMapReader.Open(cbor).End() : status;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    public static void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(0);
    }
}
