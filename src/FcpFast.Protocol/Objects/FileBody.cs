using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Crypto;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>Announces a file.</summary>
/// <remarks>
/// Shape:  a view of the payload, or of the caller's name when one is made; owns nothing.
/// Source: [WIRE §16.9].
/// </remarks>
public ref struct FileBody
{
    /// <summary>The schema of the payload.</summary>
    public static SchemaHash Schema { get; } = Schemas.File.ComputeHash();

    /// <summary>The file, as its source knows it.</summary>
    public TransferId TransferId { get; set; }

    /// <summary>What it is called; see <see cref="FileName"/>.</summary>
    public ReadOnlySpan<byte> Name { get; set; }

    /// <summary>Its size, and how it is cut.</summary>
    public FileShape Shape { get; set; }

    /// <summary>The mode bits of the source's file; null if absent. Any number may come.</summary>
    public ulong? Mode { get; set; }

    /// <summary>Reads the payload.</summary>
    /// <remarks>
    /// Errors: those of <see cref="CanonicalCbor.OpenPayload"/>, <c>CborDeserialize</c>, <c>NonCanonicalEncoding</c>, then
    ///         <c>InvalidName</c>, <c>InvalidFile</c>.
    /// Cost:   no allocation.
    /// </remarks>
    public static FcpStatus Parse(ReadOnlySpan<byte> payload, out FileBody file)
    {
        file = default;
        FcpStatus status = CanonicalCbor.OpenPayload(payload, Schema, CborLimits.ControlPayloadBytesMax, out ReadOnlySpan<byte> cbor);
        if (status != FcpStatus.Accepted) return status;
        CborMapReader map = CborMapReader.Open(cbor);
        var parsed = new FileBody { Mode = map.TryUnsigned("mode"u8), Name = map.Text("name"u8) };
        ulong size = map.Unsigned("size"u8);
        ReadOnlySpan<byte> transferId = map.Bytes("transfer_id"u8, TransferId.Length);
        parsed.Shape = new FileShape(size, map.Unsigned("segment_bytes"u8));
        status = map.End();
        if (status != FcpStatus.Accepted) return status;
        parsed.TransferId = new TransferId(Bytes16.Read(transferId));
        status = parsed.Check();
        if (status == FcpStatus.Accepted) file = parsed;
        return status;
    }

    /// <summary>Judges name, then size and segment size: <c>InvalidName</c>, <c>InvalidFile</c>.</summary>
    public readonly FcpStatus Check()
    {
        FcpStatus status = FileName.Check(Name);
        return status == FcpStatus.Accepted ? Shape.Check() : status;
    }

    /// <summary>Writes the schema-prefixed payload.</summary>
    /// <remarks>Errors: throws for what <see cref="Check"/> refuses, which is the caller's fault.</remarks>
    public readonly void Write(CborWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Check() != FcpStatus.Accepted) ThrowHelper.BadState("a file is announced by a valid name, size and segment size");
        writer.BeginPayload(Schema);
        writer.BeginMap(4 + (Mode is null ? 0 : 1));
        if (Mode is { } mode)
        {
            writer.Key("mode"u8);
            writer.Unsigned(mode);
        }

        writer.Key("name"u8);
        writer.Text(Name);
        writer.Key("size"u8);
        writer.Unsigned(Shape.SizeBytes);
        writer.Key("transfer_id"u8);
        writer.Bytes(TransferId.Value);
        writer.Key("segment_bytes"u8);
        writer.Unsigned(Shape.SegmentBytes);
    }

    /// <summary>The id of a file: the same for the same file of the same source, and telling nothing to who lacks the key.</summary>
    /// <param name="hasher">Scratch; erased of the key before return.</param>
    /// <param name="objectIdKey">32 secret bytes.</param>
    /// <param name="source">The sending node.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <param name="modifiedUnixNanoseconds">When it was last changed.</param>
    public static TransferId DeriveTransferId(
        Blake3Hasher hasher, ReadOnlySpan<byte> objectIdKey, NodeId source, ReadOnlySpan<byte> name, ulong sizeBytes,
        ulong modifiedUnixNanoseconds)
    {
        ArgumentNullException.ThrowIfNull(hasher);
        Span<byte> bytes = stackalloc byte[NodeId.MaxBytes + 1];
        int sourceBytes = source.Write(bytes);
        bytes[sourceBytes] = 0;
        hasher.Reset(objectIdKey);
        hasher.Update("FCPFAST-FILE-V1"u8);
        hasher.Update(bytes[..(sourceBytes + 1)]);
        hasher.Update(name);
        bytes[0] = 0;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[1..], sizeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(1 + sizeof(ulong))..], modifiedUnixNanoseconds);
        hasher.Update(bytes[..(1 + (2 * sizeof(ulong)))]);
        hasher.Finish(bytes[..CryptoSizes.HashBytes]);
        hasher.Erase();
        return new TransferId(Bytes16.Read(bytes));
    }
}
