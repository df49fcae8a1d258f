using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace FcpFast.Mls.Codec;

/// <summary>Reads TLS presentation language from hostile bytes.</summary>
/// <remarks>
/// Shape:   the first fault is kept in <see cref="Status"/> and every later read gives empty values, so that a structure is read in one go and judged once.
/// Errors:  never throws. A list is never larger than its bytes, since each element takes at least one, and never longer than its reader allows.
/// Source:  [RFC 9420 §2.1].
/// </remarks>
internal ref struct MlsReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>The longest list of numbers of 16 bits: what a client understands is searched linearly.</summary>
    private const int U16ListMax = 256;

    private ReadOnlySpan<byte> _rest = bytes;

    public delegate T ReadElement<T>(ref MlsReader reader);

    /// <summary>Accepted, or the first fault.</summary>
    public MlsStatus Status { get; private set; } = MlsStatus.Accepted;

    public readonly bool IsBroken => Status != MlsStatus.Accepted;

    /// <summary>True if nothing is left.</summary>
    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Keeps the first fault and gives up the rest.</summary>
    public void Break(MlsStatus status = MlsStatus.Malformed)
    {
        if (!IsBroken) Status = status;
        _rest = default;
    }

    public byte U8() => Raw(sizeof(byte)) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    public ushort U16() => Raw(sizeof(ushort)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint U32() => Raw(sizeof(uint)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public ulong U64() => Raw(sizeof(ulong)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>So many bytes; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Raw(int lengthBytes)
    {
        if (_rest.Length < lengthBytes)
        {
            Break();
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..lengthBytes];
        _rest = _rest[lengthBytes..];
        return taken;
    }

    /// <summary>A length of 1, 2 or 4 bytes, in its shortest form.</summary>
    /// <remarks>Source: [RFC 9420 §2.1.2].</remarks>
    public int Length()
    {
        uint first = U8();
        switch (first >> 6)
        {
            case 0:
                return (int)first;
            case 1:
                uint two = ((first & 0x3F) << 8) | U8();
                if (two < MlsWriter.TwoByteLengthMin) Break();
                return (int)two;
            case 2:
                ReadOnlySpan<byte> tail = Raw(3);
                if (tail.IsEmpty) return 0;
                uint four = ((first & 0x3F) << 24) | ((uint)tail[0] << 16) | ((uint)tail[1] << 8) | tail[2];
                if (four < MlsWriter.FourByteLengthMin) Break();
                return (int)four;
            default:
                Break();
                return 0;
        }
    }

    /// <summary>The content of a vector.</summary>
    public ReadOnlySpan<byte> Vector() => Raw(Length());

    /// <summary>A copy of a vector's content.</summary>
    public byte[] Bytes() => Vector().ToArray();

    /// <summary>True if an optional value follows.</summary>
    public bool Optional()
    {
        byte present = U8();
        if (present > 1) Break();
        return present == 1 && !IsBroken;
    }

    /// <summary>A vector of elements; empty when any of them is broken, or when there are more than allowed.</summary>
    public T[] List<T>(ReadElement<T> read, uint countMax)
    {
        var inner = new MlsReader(Vector());
        if (inner.IsEmpty) return [];
        var elements = new List<T>();
        while (!inner.IsEmpty)
        {
            if (elements.Count == countMax) inner.Break(MlsStatus.TooLarge);
            else elements.Add(read(ref inner));
        }

        if (!inner.IsBroken) return [.. elements];
        Break(inner.Status);
        return [];
    }

    /// <summary>A vector of numbers of 16 bits.</summary>
    public ushort[] U16List()
    {
        ReadOnlySpan<byte> content = Vector();
        if (content.Length % sizeof(ushort) != 0) Break();
        else if (content.Length / sizeof(ushort) > U16ListMax) Break(MlsStatus.TooLarge);
        if (IsBroken || content.IsEmpty) return [];
        ushort[] numbers = new ushort[content.Length / sizeof(ushort)];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadUInt16BigEndian(content[(i * sizeof(ushort))..]);
        return numbers;
    }

    /// <summary>A vector of numbers of 32 bits.</summary>
    public uint[] U32List()
    {
        ReadOnlySpan<byte> content = Vector();
        if (content.Length % sizeof(uint) != 0) Break();
        if (IsBroken || content.IsEmpty) return [];
        uint[] numbers = new uint[content.Length / sizeof(uint)];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadUInt32BigEndian(content[(i * sizeof(uint))..]);
        return numbers;
    }
}
