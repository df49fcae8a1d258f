using System;
using System.Buffers.Binary;

namespace FcpFast.Protocol.Ids;

/// <summary>Eight opaque bytes, kept in their order on the wire.</summary>
/// <param name="Word">The bytes, read little-endian; only for storage, it has no meaning as a number.</param>
public readonly record struct Bytes8(ulong Word)
{
    /// <summary>Its length.</summary>
    public const int Length = 8;

    /// <summary>Reads the first 8 bytes of <paramref name="source"/>.</summary>
    public static Bytes8 Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt64LittleEndian(source));

    /// <summary>Writes the 8 bytes.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt64LittleEndian(destination, Word);

    /// <summary>16 lowercase hex digits.</summary>
    public override string ToString() => Hex.Format(stackalloc byte[Length], this, static (value, bytes) => value.Write(bytes));
}
