using System;
using System.Buffers.Binary;

namespace FcpFast.Protocol.Ids;

/// <summary>Sixteen opaque bytes, kept in their order on the wire.</summary>
/// <param name="Word0">Bytes 0 to 7, read little-endian.</param>
/// <param name="Word1">Bytes 8 to 15.</param>
public readonly record struct Bytes16(ulong Word0, ulong Word1)
{
    /// <summary>Its length.</summary>
    public const int Length = 16;

    /// <summary>Reads the first 16 bytes of <paramref name="source"/>.</summary>
    public static Bytes16 Read(ReadOnlySpan<byte> source)
    {
        source = source[..Length];
        return new Bytes16(BinaryPrimitives.ReadUInt64LittleEndian(source), BinaryPrimitives.ReadUInt64LittleEndian(source[8..]));
    }

    /// <summary>Writes the 16 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Length];
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Word0);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Word1);
    }

    /// <summary>32 lowercase hex digits.</summary>
    public override string ToString() => Hex.Format(stackalloc byte[Length], this, static (value, bytes) => value.Write(bytes));
}
