using System;
using System.Text;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The header that stored objects and signed messages begin with.</summary>
/// <remarks>
/// Shape:  provenance and placement are kept as the bytes they came in: signatures cover them, nothing on the data plane depends on them.
/// Source: [WIRE §11.1].
/// </remarks>
public sealed record ObjectHeader
{
    /// <summary>Most entries that refs and foreign_refs may have here.</summary>
    private const int RefsMax = 65_536;

    /// <summary>The object's schema.</summary>
    public required SchemaId Schema { get; init; }

    /// <summary>Its zone.</summary>
    public required ZoneId Zone { get; init; }

    /// <summary>When it was made.</summary>
    public required ulong CreatedAtUnixSeconds { get; init; }

    /// <summary>Objects of the same zone that it refers to.</summary>
    public Bytes32[] Refs { get; init; } = [];

    /// <summary>Objects elsewhere that it refers to.</summary>
    public Bytes32[] ForeignRefs { get; init; } = [];

    /// <summary>How long it lives, if that is bounded.</summary>
    public ulong? TtlSeconds { get; init; }

    /// <summary>The provenance map as it came; null for the one that FcpFast writes.</summary>
    public byte[]? EncodedProvenance { get; init; }

    /// <summary>The placement map as it came; null if absent.</summary>
    public byte[]? EncodedPlacement { get; init; }

    /// <summary>Reads a header; faults go to the status of <paramref name="map"/>'s owner through the result.</summary>
    /// <remarks>Errors: <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>. The zone's grammar is checked too (<c>CborDeserialize</c>).</remarks>
    public static FcpStatus Read(CborMapReader map, out ObjectHeader? header)
    {
        header = null;
        Bytes32[] refs = ReadRefs(ref map, "refs"u8);
        CborMapReader schemaMap = map.Map("schema"u8);
        string name = Text(schemaMap.Text("name"u8)), version = Text(schemaMap.Text("version"u8)), space = Text(schemaMap.Text("namespace"u8));
        map.Fail(schemaMap.End());
        if (ZoneId.Parse(map.Text("zone_id"u8), out ZoneId zone) != FcpStatus.Accepted) map.Fail(FcpStatus.CborDeserialize);
        ulong? ttl = map.TryUnsigned("ttl_secs"u8);
        byte[]? placement = map.TryField("placement"u8, out CborItem placed) ? RequireMap(ref map, placed) : null;
        ulong createdAt = map.Unsigned("created_at"u8);
        byte[]? provenance = map.Field("provenance"u8, out CborItem origin) ? RequireMap(ref map, origin) : null;
        Bytes32[] foreignRefs = ReadRefs(ref map, "foreign_refs"u8);
        FcpStatus status = map.End();
        if (status != FcpStatus.Accepted) return status;
        header = new ObjectHeader
        {
            Schema = new SchemaId(space, name, version),
            Zone = zone,
            CreatedAtUnixSeconds = createdAt,
            Refs = refs,
            ForeignRefs = foreignRefs,
            TtlSeconds = ttl,
            EncodedProvenance = provenance,
            EncodedPlacement = placement,
        };
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the header as a map.</summary>
    public void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.BeginMap(6 + (TtlSeconds is null ? 0 : 1) + (EncodedPlacement is null ? 0 : 1));
        WriteRefs(writer, "refs"u8, Refs);
        writer.Key("schema"u8);
        writer.BeginMap(3);
        writer.Key("name"u8);
        writer.Text(Schema.Name);
        writer.Key("version"u8);
        writer.Text(Schema.Version);
        writer.Key("namespace"u8);
        writer.Text(Schema.Namespace);
        writer.Key("zone_id"u8);
        writer.Text(Zone.ToString());
        if (TtlSeconds is { } ttl)
        {
            writer.Key("ttl_secs"u8);
            writer.Unsigned(ttl);
        }

        if (EncodedPlacement is not null)
        {
            writer.Key("placement"u8);
            writer.Raw(EncodedPlacement);
        }

        writer.Key("created_at"u8);
        writer.Unsigned(CreatedAtUnixSeconds);
        writer.Key("provenance"u8);
        if (EncodedProvenance is not null) writer.Raw(EncodedProvenance);
        else WriteOwnProvenance(writer);
        WriteRefs(writer, "foreign_refs"u8, ForeignRefs);
    }

    private void WriteOwnProvenance(CborWriter writer)
    {
        writer.BeginMap(4);
        writer.Key("chain"u8);
        writer.BeginArray(0);
        writer.Key("taint"u8);
        writer.Text("Untainted"u8);
        writer.Key("elevated"u8);
        writer.Boolean(false);
        writer.Key("origin_zone"u8);
        writer.Text(Zone.ToString());
    }

    private static void WriteRefs(CborWriter writer, ReadOnlySpan<byte> key, Bytes32[] refs)
    {
        writer.Key(key);
        writer.BeginArray(refs.Length);
        foreach (Bytes32 reference in refs) writer.Bytes(reference);
    }

    private static Bytes32[] ReadRefs(ref CborMapReader map, ReadOnlySpan<byte> key)
    {
        CborArrayReader entries = map.Array(key);
        if (entries.Count > RefsMax) map.Fail(FcpStatus.CborDeserialize);
        if (map.Status != FcpStatus.Accepted) return [];
        var refs = new Bytes32[entries.Count]; // each entry takes at least a byte of the input, which is bounded
        for (int i = 0; entries.TryRead(out CborItem item); i++)
        {
            if (item.TryGetBytes(out ReadOnlySpan<byte> bytes) && bytes.Length == Bytes32.Length) refs[i] = Bytes32.Read(bytes);
            else map.Fail(FcpStatus.CborDeserialize);
        }

        return refs;
    }

    private static byte[]? RequireMap(ref CborMapReader map, CborItem item)
    {
        if (item.Kind == CborKind.Map) return item.Encoded.ToArray();
        map.Fail(FcpStatus.CborDeserialize);
        return null;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
