using System;
using System.Buffers.Binary;

namespace FcpFast.Protocol.Ids;

/// <summary>Thirty-two opaque bytes, kept in their order on the wire. For public values: comparing is not constant-time.</summary>
/// <param name="Word0">Bytes 0 to 7, read little-endian.</param>
/// <param name="Word1">Bytes 8 to 15.</param>
/// <param name="Word2">Bytes 16 to 23.</param>
/// <param name="Word3">Bytes 24 to 31.</param>
public readonly record struct Bytes32(ulong Word0, ulong Word1, ulong Word2, ulong Word3)
{
    /// <summary>Its length.</summary>
    public const int Length = 32;

    /// <summary>Reads the first 32 bytes of <paramref name="source"/>.</summary>
    public static Bytes32 Read(ReadOnlySpan<byte> source)
    {
        source = source[..Length];
        return new Bytes32(
            BinaryPrimitives.ReadUInt64LittleEndian(source),
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..]));
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination = destination[..Length];
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Word0);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Word1);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Word2);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], Word3);
    }

    /// <summary>64 lowercase hex digits.</summary>
    public override string ToString() => Hex.Format(stackalloc byte[Length], this, static (value, bytes) => value.Write(bytes));
}
