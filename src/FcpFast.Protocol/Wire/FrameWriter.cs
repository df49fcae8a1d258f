using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Wire;

/// <summary>Writes the parts of a frame that are not sealed.</summary>
/// <remarks>Source: [WIRE §4.1].</remarks>
public static class FrameWriter
{
    /// <summary>Bytes of a frame of <paramref name="symbolCount"/> symbols.</summary>
    public static int FrameBytes(int symbolCount, int symbolBytes) =>
        FcpsLayout.HeaderBytes + (symbolCount * (symbolBytes + FcpsLayout.RecordOverheadBytes));

    /// <summary>Writes a header; <c>LengthMismatch</c> if its payload length does not follow from count and size.</summary>
    public static FcpStatus WriteHeader(Span<byte> destination, in FcpsHeader header)
    {
        ulong payloadBytes = (ulong)header.SymbolCount * (ulong)(header.SymbolBytes + FcpsLayout.RecordOverheadBytes);
        if (header.PayloadBytes != payloadBytes) return FcpStatus.LengthMismatch;
        header.Write(destination);
        return FcpStatus.Accepted;
    }

    /// <summary>Writes what stands before a record's data.</summary>
    public static void WriteRecordHead(Span<byte> destination, uint esi, ushort k)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, esi);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[FcpsLayout.RecordKOffset..], k);
    }
}
