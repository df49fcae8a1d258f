using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>What SymbolRequest, DecodeStatus and SymbolAck have in common: header, zone and signature.</summary>
/// <remarks>Source: [WIRE §16.1] to [WIRE §16.3].</remarks>
internal static class SymbolMessage
{
    /// <summary>Reads the header field, which must be of <paramref name="schema"/>.</summary>
    /// <remarks>Errors: those of <see cref="ObjectHeaderView.Read"/>, <c>SchemaMismatch</c>; into the map.</remarks>
    public static ObjectHeaderView ReadHeader(scoped ref CborMapReader map, SchemaId schema)
    {
        map.Fail(ObjectHeaderView.Read(map.Map("header"u8), out ObjectHeaderView header));
        if (map.Status == FcpStatus.Accepted && !header.HasSchema(schema)) map.Fail(FcpStatus.SchemaMismatch);
        return header;
    }

    /// <summary>Reads the zone field, which must be the header's.</summary>
    /// <remarks>Errors: <c>CborDeserialize</c>, <c>ZoneIdMismatch</c>; into the map.</remarks>
    public static ReadOnlySpan<byte> ReadZone(scoped ref CborMapReader map, ObjectHeaderView header)
    {
        ReadOnlySpan<byte> zone = map.Text("zone_id"u8);
        if (ZoneId.Check(zone) != FcpStatus.Accepted) map.Fail(FcpStatus.CborDeserialize);
        if (!zone.SequenceEqual(header.Zone)) map.Fail(FcpStatus.ZoneIdMismatch);
        return zone;
    }

    /// <summary>Writes header and zone's header field; the caller has announced the map.</summary>
    /// <remarks>Errors: throws for a zone outside its grammar or a signature of another length: the caller's faults.</remarks>
    public static void WriteHeader(
        CborWriter writer, SchemaId schema, ReadOnlySpan<byte> zone, ulong createdAtUnixSeconds, ReadOnlySpan<byte> signature)
    {
        if (ZoneId.Parse(zone, out ZoneId id) != FcpStatus.Accepted) ThrowHelper.BadState("a symbol message names a zone");
        if (signature.Length != CryptoSizes.SignatureBytes) ThrowHelper.BadState("a symbol message is signed before it is written");
        writer.Key("header"u8);
        new ObjectHeader { Schema = schema, Zone = id, CreatedAtUnixSeconds = createdAtUnixSeconds }.Write(writer);
    }
}
