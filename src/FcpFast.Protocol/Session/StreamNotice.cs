using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Session;

/// <summary>A sender tells its session peer of a stream that it will seal in, and the peer tells when it is ready for it.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="ZoneKeyId">The zone key that the stream will be sealed under; its time need not have come.</param>
/// <param name="Instance">The stream's instance, which is of the one who announces it.</param>
/// <param name="IsReady">False for an announcement; true for its answer: the peer has the zone key, and a crash can no more make it forget the instance.</param>
/// <remarks>
/// <code>
/// fcpfast:StreamNotice@1.0.0 {"ready": bool, "zone_key_id": bstr 8, "zone_id_hash": bstr 32, "sender_instance_id": uint}
/// </code>
/// Source: [REPLAY §6.1], [WIRE §12.3]. A record of our own. Unsigned: the control channel authenticates it.
/// </remarks>
public readonly record struct StreamNotice(ZoneIdHash Zone, ZoneKeyId ZoneKeyId, SenderInstanceId Instance, bool IsReady)
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.StreamNotice.ComputeHash();

    /// <summary>Reads the schema-prefixed payload.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out StreamNotice notice)
    {
        notice = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        bool isReady = map.Boolean("ready"u8);
        ReadOnlySpan<byte> zoneKeyId = map.Bytes("zone_key_id"u8, Bytes8.Length);
        ReadOnlySpan<byte> zone = map.Bytes("zone_id_hash"u8, Bytes32.Length);
        ulong instance = map.Unsigned("sender_instance_id"u8);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        notice = new StreamNotice(new ZoneIdHash(Bytes32.Read(zone)), new ZoneKeyId(Bytes8.Read(zoneKeyId)), new SenderInstanceId(instance), isReady);
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    public void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginPayload(Schema);
        writer.BeginMap(4);
        writer.Key("ready"u8);
        writer.Boolean(IsReady);
        writer.Key("zone_key_id"u8);
        writer.Bytes(ZoneKeyId.Value);
        writer.Key("zone_id_hash"u8);
        writer.Bytes(Zone.Value);
        writer.Key("sender_instance_id"u8);
        writer.Unsigned(Instance.Value);
    }
}
