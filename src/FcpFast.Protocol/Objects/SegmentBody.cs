using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Announces one segment of a file when it is reached.</summary>
/// <remarks>
/// Shape:  a view of the payload; its manifest has been checked in itself, not against the file: that needs <see cref="FileShape"/>.
/// Source: [WIRE §16.9].
/// </remarks>
public ref struct SegmentBody
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.Segment.ComputeHash();

    /// <summary>The file.</summary>
    public TransferId TransferId { get; set; }

    /// <summary>Which segment, counted from 0; bounded by the file's <see cref="FileShape.SegmentCount"/> only.</summary>
    public ulong Index { get; set; }

    /// <summary>The segment's chunks.</summary>
    public ChunkedObjectManifest Manifest { get; set; }

    /// <summary>The key of the chunk ids; always sent, but may be absent in what comes.</summary>
    public ObjectIdKeyId? ObjectIdKeyId { get; set; }

    /// <summary>Reads the payload.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, then those of
    ///         <see cref="ChunkedObjectManifest.Parse"/>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out SegmentBody segment)
    {
        segment = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        ulong index = map.Unsigned("index"u8);
        ReadOnlySpan<byte> encoded = map.Bytes("manifest"u8), transferId = map.Bytes("transfer_id"u8, TransferId.Length);
        ReadOnlySpan<byte> keyId = map.TryBytes("object_id_key_id"u8, Ids.ObjectIdKeyId.Length);
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        status = ChunkedObjectManifest.Parse(encoded, out ChunkedObjectManifest manifest);
        if (status != FcpStatus.Accepted) return status;
        segment = new SegmentBody
        {
            TransferId = new TransferId(Bytes16.Read(transferId)),
            Index = index,
            Manifest = manifest,
            ObjectIdKeyId = keyId.IsEmpty ? null : new ObjectIdKeyId(Bytes8.Read(keyId)),
        };
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    /// <param name="writer">Where to; the manifest does not lie in it.</param>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Manifest.ChunkCount == 0) ThrowHelper.BadState("a segment is announced by its manifest");
        writer.BeginPayload(Schema);
        writer.BeginMap(3 + (ObjectIdKeyId is null ? 0 : 1));
        writer.Key("index"u8);
        writer.Unsigned(Index);
        writer.Key("manifest"u8);
        writer.Bytes(Manifest.Encoded);
        writer.Key("transfer_id"u8);
        writer.Bytes(TransferId.Value);
        if (ObjectIdKeyId is not { } keyId) return;
        writer.Key("object_id_key_id"u8);
        writer.Bytes(keyId.Value);
    }
}
