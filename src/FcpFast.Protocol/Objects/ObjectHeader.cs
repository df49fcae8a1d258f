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
    /// <remarks>Errors: as <see cref="ObjectHeaderView.Read"/>.</remarks>
    public static FcpStatus Read(CborMapReader map, out ObjectHeader? header)
    {
        header = null;
        FcpStatus status = ObjectHeaderView.Read(map, out ObjectHeaderView view);
        if (status != FcpStatus.Accepted) return status;
        ZoneId.Parse(view.Zone, out ZoneId zone);
        header = new ObjectHeader
        {
            Schema = new SchemaId(Text(view.SchemaNamespace), Text(view.SchemaName), Text(view.SchemaVersion)),
            Zone = zone,
            CreatedAtUnixSeconds = view.CreatedAtUnixSeconds,
            Refs = Copy(view.Refs),
            ForeignRefs = Copy(view.ForeignRefs),
            TtlSeconds = view.TtlSeconds,
            EncodedProvenance = view.EncodedProvenance.ToArray(),
            EncodedPlacement = view.EncodedPlacement.IsEmpty ? null : view.EncodedPlacement.ToArray(),
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

    private static Bytes32[] Copy(CborArrayReader entries)
    {
        var refs = new Bytes32[entries.Count]; // the view has bounded the count
        for (int i = 0; entries.TryRead(out CborItem item); i++) refs[i] = Bytes32.Read(item.Content);
        return refs;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
