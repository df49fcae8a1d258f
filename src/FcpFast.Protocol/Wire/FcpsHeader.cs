using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Wire;

/// <summary>The values of an FCPS header.</summary>
/// <param name="Flags">The flags.</param>
/// <param name="SymbolCount">Records that follow.</param>
/// <param name="PayloadBytes">Bytes that follow.</param>
/// <param name="ObjectId">The object that the symbols belong to.</param>
/// <param name="SymbolBytes">Data bytes of a record.</param>
/// <param name="ZoneKeyId">The key that the symbols are sealed under.</param>
/// <param name="ZoneIdHash">The zone.</param>
/// <param name="Epoch">The key epoch.</param>
/// <param name="Instance">The sealing stream.</param>
/// <param name="Seq">The number in that stream.</param>
/// <remarks>Source: [WIRE §4.1].</remarks>
public readonly record struct FcpsHeader(
    FrameFlags Flags, uint SymbolCount, uint PayloadBytes, ObjectId ObjectId, ushort SymbolBytes, ZoneKeyId ZoneKeyId,
    ZoneIdHash ZoneIdHash, EpochId Epoch, SenderInstanceId Instance, FrameSeq Seq)
{
    /// <summary>Reads a header alone: checks F2 to F6.</summary>
    public static FcpStatus Parse(ReadOnlySpan<byte> source, out FcpsHeader header)
    {
        header = default;
        FcpStatus status = Check(source);
        if (status != FcpStatus.Accepted) return status;
        header = new FcpsHeader(
            (FrameFlags)BinaryPrimitives.ReadUInt16LittleEndian(source[FcpsLayout.FlagsOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[FcpsLayout.SymbolCountOffset..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[FcpsLayout.PayloadBytesOffset..]),
            ObjectId.Read(source[FcpsLayout.ObjectIdOffset..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[FcpsLayout.SymbolSizeOffset..]),
            new ZoneKeyId(Bytes8.Read(source[FcpsLayout.ZoneKeyIdOffset..])),
            new ZoneIdHash(Bytes32.Read(source[FcpsLayout.ZoneIdHashOffset..])),
            new EpochId(BinaryPrimitives.ReadUInt64LittleEndian(source[FcpsLayout.EpochOffset..])),
            new SenderInstanceId(BinaryPrimitives.ReadUInt64LittleEndian(source[FcpsLayout.InstanceOffset..])),
            new FrameSeq(BinaryPrimitives.ReadUInt64LittleEndian(source[FcpsLayout.SeqOffset..])));
        return FcpStatus.Accepted;
    }

    /// <summary>Writes the 114 bytes as the values are; <see cref="FrameWriter"/> checks what a frame needs.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..FcpsLayout.HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(destination, FcpsLayout.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[FcpsLayout.VersionOffset..], FcpsLayout.Version);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[FcpsLayout.FlagsOffset..], (ushort)Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[FcpsLayout.SymbolCountOffset..], SymbolCount);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[FcpsLayout.PayloadBytesOffset..], PayloadBytes);
        ObjectId.Value.Write(destination[FcpsLayout.ObjectIdOffset..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[FcpsLayout.SymbolSizeOffset..], SymbolBytes);
        ZoneKeyId.Value.Write(destination[FcpsLayout.ZoneKeyIdOffset..]);
        ZoneIdHash.Value.Write(destination[FcpsLayout.ZoneIdHashOffset..]);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FcpsLayout.EpochOffset..], Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FcpsLayout.InstanceOffset..], Instance.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[FcpsLayout.SeqOffset..], Seq.Value);
    }

    /// <summary>Writes the number alone, into a header that is there.</summary>
    internal static void WriteSeq(Span<byte> header, FrameSeq seq) => BinaryPrimitives.WriteUInt64LittleEndian(header[FcpsLayout.SeqOffset..], seq.Value);

    /// <summary>The checks F2 to F6, in their order.</summary>
    internal static FcpStatus Check(ReadOnlySpan<byte> source)
    {
        if (source.Length < FcpsLayout.HeaderBytes) return FcpStatus.TooShort;
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != FcpsLayout.Magic) return FcpStatus.InvalidMagic;
        if (BinaryPrimitives.ReadUInt16LittleEndian(source[FcpsLayout.VersionOffset..]) != FcpsLayout.Version)
        {
            return FcpStatus.UnsupportedVersion;
        }

        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(source[FcpsLayout.FlagsOffset..]);
        if ((flags & (ushort)FrameFlags.Reserved) != 0) return FcpStatus.UnknownFlags;
        return BinaryPrimitives.ReadUInt16LittleEndian(source[FcpsLayout.SymbolSizeOffset..]) == 0
            ? FcpStatus.InvalidSymbolSize
            : FcpStatus.Accepted;
    }
}
