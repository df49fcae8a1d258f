using System;
using System.Buffers.Binary;
using System.Linq;

namespace FcpFast.Protocol.Tests.Support;

/// <summary>Frames and datagrams laid out by hand from the tables of WIRE.md, without the product's writers.</summary>
/// <remarks>Source: [WIRE §4.1], [WIRE §6], [WIRE §9].</remarks>
internal static class WireSamples
{
    /// <summary>A valid frame of symbols whose data and tags are random.</summary>
    public static byte[] Frame(Random random, int symbolBytes, uint[] esis, ushort k = 9, ushort flags = 0x0404) =>
        [.. Header(random, symbolBytes, esis.Length, flags), .. esis.SelectMany(esi => Record(random, esi, k, symbolBytes))];

    public static byte[] Header(Random random, int symbolBytes, int symbolCount, ushort flags = 0x0404)
    {
        byte[] header = random.Bytes(114);
        "FCPS"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), (uint)symbolCount);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (uint)(symbolCount * (22 + symbolBytes)));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(48), (ushort)symbolBytes);
        return header;
    }

    public static byte[] Record(Random random, uint esi, ushort k, int symbolBytes)
    {
        byte[] record = random.Bytes(22 + symbolBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record, esi);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), k);
        return record;
    }

    /// <summary>A valid control frame with random ciphertext and tag.</summary>
    public static byte[] Fcpc(Random random, int ciphertextBytes, ushort flags = 1)
    {
        byte[] frame = random.Bytes(52 + ciphertextBytes);
        "FCPC"u8.CopyTo(frame);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(30), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(32), (uint)ciphertextBytes);
        return frame;
    }

    /// <summary>A copy with a little-endian number of 2, 4 or 8 bytes written over it.</summary>
    public static byte[] With(this byte[] bytes, int offset, ulong value, int width)
    {
        byte[] changed = (byte[])bytes.Clone();
        for (int i = 0; i < width; i++) changed[offset + i] = (byte)(value >> (8 * i) & 0xff);
        return changed;
    }
}
