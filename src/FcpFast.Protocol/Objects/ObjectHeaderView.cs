using System;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>An object's header, read in place: for messages that a peer can send many of.</summary>
/// <remarks>
/// Shape:  a view of validated bytes; owns nothing. Provenance and placement may be any map.
/// Source: [WIRE §11.1].
/// </remarks>
public readonly ref struct ObjectHeaderView
{
    /// <summary>Most entries that refs and foreign_refs may have here.</summary>
    private const int RefsMax = 65_536;

    /// <summary>The schema's name, as UTF-8.</summary>
    public ReadOnlySpan<byte> SchemaName { get; private init; }

    /// <summary>The schema's version, as UTF-8.</summary>
    public ReadOnlySpan<byte> SchemaVersion { get; private init; }

    /// <summary>The schema's namespace, as UTF-8.</summary>
    public ReadOnlySpan<byte> SchemaNamespace { get; private init; }

    /// <summary>The zone, as UTF-8 within the zone's grammar.</summary>
    public ReadOnlySpan<byte> Zone { get; private init; }

    /// <summary>When the object was made.</summary>
    public ulong CreatedAtUnixSeconds { get; private init; }

    /// <summary>How long it lives, if that is bounded.</summary>
    public ulong? TtlSeconds { get; private init; }

    /// <summary>Objects of the same zone that it refers to: byte strings of 32.</summary>
    public CborArrayReader Refs { get; private init; }

    /// <summary>Objects elsewhere that it refers to: byte strings of 32.</summary>
    public CborArrayReader ForeignRefs { get; private init; }

    /// <summary>The provenance map as it came.</summary>
    public ReadOnlySpan<byte> EncodedProvenance { get; private init; }

    /// <summary>The placement map as it came; empty if absent.</summary>
    public ReadOnlySpan<byte> EncodedPlacement { get; private init; }

    /// <summary>Reads a header; faults go to the status of <paramref name="map"/>'s owner through the result.</summary>
    /// <remarks>
    /// Errors: <c>CborDeserialize</c> (also for a zone outside its grammar), <c>NonCanonicalEncoding</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Read(CborMapReader map, out ObjectHeaderView header)
    {
        header = default;
        CborArrayReader refs = ReadRefs(ref map, "refs"u8);
        CborMapReader schema = map.Map("schema"u8);
        ReadOnlySpan<byte> name = schema.Text("name"u8), version = schema.Text("version"u8), space = schema.Text("namespace"u8);
        map.Fail(schema.End());
        ReadOnlySpan<byte> zone = map.Text("zone_id"u8);
        if (ZoneId.Check(zone) != FcpStatus.Accepted) map.Fail(FcpStatus.CborDeserialize);
        ulong? ttl = map.TryUnsigned("ttl_secs"u8);
        ReadOnlySpan<byte> placement = map.TryField("placement"u8, out CborItem placed) ? RequireMap(ref map, placed) : default;
        ulong createdAt = map.Unsigned("created_at"u8);
        ReadOnlySpan<byte> provenance = map.Field("provenance"u8, out CborItem origin) ? RequireMap(ref map, origin) : default;
        CborArrayReader foreignRefs = ReadRefs(ref map, "foreign_refs"u8);
        FcpStatus status = map.End();
        if (status != FcpStatus.Accepted) return status;
        header = new ObjectHeaderView
        {
            SchemaName = name,
            SchemaVersion = version,
            SchemaNamespace = space,
            Zone = zone,
            CreatedAtUnixSeconds = createdAt,
            TtlSeconds = ttl,
            Refs = refs,
            ForeignRefs = foreignRefs,
            EncodedProvenance = provenance,
            EncodedPlacement = placement,
        };
        return FcpStatus.Accepted;
    }

    /// <summary>True if this is the header of an object of <paramref name="schema"/>.</summary>
    public bool HasSchema(SchemaId schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return Ascii.Equals(SchemaName, schema.Name)
            && Ascii.Equals(SchemaVersion, schema.Version)
            && Ascii.Equals(SchemaNamespace, schema.Namespace);
    }

    private static CborArrayReader ReadRefs(scoped ref CborMapReader map, ReadOnlySpan<byte> key)
    {
        CborArrayReader entries = map.Array(key);
        if (entries.Count > RefsMax) map.Fail(FcpStatus.CborDeserialize);
        if (map.Status != FcpStatus.Accepted) return default;
        CborArrayReader checking = entries;
        while (checking.TryRead(out CborItem item))
        {
            if (!item.TryGetBytes(out ReadOnlySpan<byte> bytes) || bytes.Length != Bytes32.Length) map.Fail(FcpStatus.CborDeserialize);
        }

        return entries;
    }

    private static ReadOnlySpan<byte> RequireMap(scoped ref CborMapReader map, CborItem item)
    {
        if (item.Kind == CborKind.Map) return item.Encoded;
        map.Fail(FcpStatus.CborDeserialize);
        return default;
    }
}
