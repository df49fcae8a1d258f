using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Which object a symbol message speaks of, and under which key it travels.</summary>
/// <remarks>
/// Shape:  a view of the message's zone, or of the caller's.
/// Source: [WIRE §16]. The zone enters transcripts unframed: a receiver must know zone and key (<c>UnknownZoneKey</c>) before it verifies,
///         which leaves one way to parse.
/// </remarks>
public readonly ref struct ObjectAddress
{
    /// <summary>Puts the four together.</summary>
    public ObjectAddress(ObjectId objectId, ReadOnlySpan<byte> zone, ZoneKeyId zoneKeyId, EpochId epoch)
    {
        ObjectId = objectId;
        Zone = zone;
        ZoneKeyId = zoneKeyId;
        Epoch = epoch;
    }

    /// <summary>The object.</summary>
    public ObjectId ObjectId { get; }

    /// <summary>The zone, as UTF-8 within the zone's grammar.</summary>
    public ReadOnlySpan<byte> Zone { get; }

    /// <summary>The zone key.</summary>
    public ZoneKeyId ZoneKeyId { get; }

    /// <summary>The epoch.</summary>
    public EpochId Epoch { get; }

    internal void WriteTranscript(CborWriter writer)
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Length];
        ObjectId.Value.Write(bytes);
        writer.Raw(bytes);
        writer.Raw(Zone);
        ZoneKeyId.Value.Write(bytes);
        writer.Raw(bytes[..ZoneKeyId.Length]);
        TranscriptIntegers.U64(writer, Epoch.Value);
    }
}
