using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Records;

/// <summary>Asks for the manifests and profiles of a zone that came after one that the sender has.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Have">The digest of the sender's current manifest; null if it has none.</param>
/// <remarks><code>{have: bstr 32 opt, zone_id: text}</code>Source: [WIRE §12.2] (asking).</remarks>
public readonly record struct ManifestRequest(ZoneId Zone, ManifestDigest? Have)
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.ManifestRequest.ComputeHash();

    /// <summary>Reads the schema-prefixed payload.</summary>
    /// <remarks>Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, <c>ZoneIdMismatch</c> for what is no zone.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out ManifestRequest request)
    {
        request = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ReadOnlySpan<byte> have = map.TryBytes("have"u8, ManifestDigest.Length), zoneText = map.Text("zone_id"u8);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        if (ZoneId.Parse(zoneText, out ZoneId zone) != FcpStatus.Accepted) return FcpStatus.ZoneIdMismatch;
        request = new ManifestRequest(zone, have.IsEmpty ? null : new ManifestDigest(Bytes32.Read(have)));
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    public void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(Have is null ? 1 : 2);
        if (Have is { } have)
        {
            writer.Key("have"u8);
            writer.Bytes(have.Value);
        }

        writer.Key("zone_id"u8);
        writer.Text(Zone.ToString());
    }
}
