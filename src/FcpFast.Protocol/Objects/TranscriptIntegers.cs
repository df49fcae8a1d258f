using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Cbor;

namespace FcpFast.Protocol.Objects;

/// <summary>Little-endian integers of the transcripts of symbol messages, which are no CBOR.</summary>
/// <remarks>Source: [WIRE §1], [WIRE §16.1].</remarks>
internal static class TranscriptIntegers
{
    public static void U8(CborWriter writer, byte value) => writer.Raw([value]);

    public static void U32(CborWriter writer, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        writer.Raw(bytes);
    }

    public static void U64(CborWriter writer, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        writer.Raw(bytes);
    }
}
