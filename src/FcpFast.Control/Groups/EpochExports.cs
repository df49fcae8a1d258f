using System;
using FcpFast.Protocol.Ids;

namespace FcpFast.Control.Groups;

/// <summary>What a zone takes from the exporter of an MLS epoch.</summary>
/// <remarks>Source: [WIRE §14].</remarks>
internal static class EpochExports
{
    /// <summary>MLS-Exporter of one epoch.</summary>
    public delegate void Exporter(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output);

    /// <summary>The zone key of the epoch.</summary>
    public static void KeyOf(ZoneId zone, Exporter export, Span<byte> key) => Export(zone, export, "FCPFAST-MLS-ZONE-KEY-V1"u8, key);

    /// <summary>Its id.</summary>
    public static ZoneKeyId IdOf(ZoneId zone, Exporter export)
    {
        Span<byte> id = stackalloc byte[ZoneKeyId.Length];
        Export(zone, export, "FCPFAST-MLS-ZONE-KEY-ID-V1"u8, id);
        return new ZoneKeyId(Bytes8.Read(id));
    }

    private static void Export(ZoneId zone, Exporter export, ReadOnlySpan<byte> label, Span<byte> output)
    {
        Span<byte> context = stackalloc byte[ZoneIdHash.Length];
        zone.ComputeHash().Value.Write(context);
        export(label, context, output);
    }
}
