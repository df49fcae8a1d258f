using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Records;

/// <summary>An operator's order to a running node to give itself fresh keys in a zone's group; it goes by the node's inbox and never by a peer.</summary>
/// <remarks><code>{zone_id: text}</code>Source: README.md of this project.</remarks>
public static class HealOrder
{
    private const int BytesMax = 512;

    /// <summary>Makes the record.</summary>
    public static ControlRecord Of(ZoneId zone)
    {
        var writer = new CborWriter();
        writer.BeginMap(1);
        writer.Key("zone_id"u8);
        writer.Text(zone.ToString());
        return ControlRecord.Of(RecordKind.HealOrder, writer.Written);
    }

    /// <summary>Reads the record.</summary>
    /// <remarks>Errors: those of section 3; <c>ZoneIdMismatch</c> for what is no zone.</remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> cbor, out ZoneId zone)
    {
        zone = default;
        FcpStatus status = CanonicalCbor.Validate(cbor, BytesMax);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        FcpStatus zoneStatus = ZoneId.Parse(map.Text("zone_id"u8), out zone);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        return zoneStatus == FcpStatus.Accepted ? FcpStatus.Accepted : FcpStatus.ZoneIdMismatch;
    }
}
