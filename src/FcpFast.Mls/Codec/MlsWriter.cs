using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Mls.Codec;

/// <summary>Writes TLS presentation language. Disposing, and growing, erase what was written: it may have been secret; erased memory is used again.</summary>
/// <remarks>Source: [RFC 9420 §2.1].</remarks>
internal sealed class MlsWriter : IDisposable
{
    /// <summary>The least length that takes two bytes.</summary>
    public const uint TwoByteLengthMin = 1 << 6;

    /// <summary>The least length that takes four bytes.</summary>
    public const uint FourByteLengthMin = 1 << 14;

    private const uint LengthMax = (1 << 30) - 1;
    private const int StartBytes = 512;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(StartBytes);
    private int _count;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _count);

    public byte[] ToArray() => Written.ToArray();

    public void U8(byte value) => Grow(sizeof(byte))[0] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Grow(sizeof(ushort)), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Grow(sizeof(uint)), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Grow(sizeof(ulong)), value);

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    /// <summary>A vector: length and content.</summary>
    public void Vector(ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[sizeof(uint)];
        Raw(header[..WriteLength((uint)content.Length, header)]);
        Raw(content);
    }

    /// <summary>A vector whose content is the label of MLS 1.0 with this name.</summary>
    public void Label(ReadOnlySpan<byte> name)
    {
        int start = Begin();
        Raw("MLS 1.0 "u8);
        Raw(name);
        End(start);
    }

    /// <summary>A vector of structures.</summary>
    public void List<T>(IReadOnlyList<T> items)
        where T : IMlsWritable
    {
        int start = Begin();
        for (int i = 0; i < items.Count; i++) items[i].Write(this);
        End(start);
    }

    public void U16List(ReadOnlySpan<ushort> values)
    {
        int start = Begin();
        foreach (ushort value in values) U16(value);
        End(start);
    }

    public void U32List(ReadOnlySpan<uint> values)
    {
        int start = Begin();
        foreach (uint value in values) U32(value);
        End(start);
    }

    /// <summary>A presence octet, and the structure if there is one.</summary>
    public void Optional<T>(T? value)
        where T : class, IMlsWritable
    {
        U8(value is null ? (byte)0 : (byte)1);
        value?.Write(this);
    }

    /// <summary>Begins a vector; what is written until <see cref="End"/> is its content.</summary>
    public int Begin() => _count;

    /// <summary>Ends a vector: its length goes before its content.</summary>
    public void End(int start)
    {
        int contentBytes = _count - start;
        Span<byte> header = stackalloc byte[sizeof(uint)];
        int headerBytes = WriteLength((uint)contentBytes, header);
        Grow(headerBytes);
        Array.Copy(_buffer, start, _buffer, start + headerBytes, contentBytes);
        header[..headerBytes].CopyTo(_buffer.AsSpan(start));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GiveBack(_buffer, _count);
        _buffer = [];
        _count = 0;
    }

    private static void GiveBack(byte[] buffer, int written)
    {
        CryptographicOperations.ZeroMemory(buffer.AsSpan(0, written));
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    private static int WriteLength(uint length, Span<byte> header)
    {
        Invariant.Require(length <= LengthMax, "a vector is shorter than 2^30 bytes");
        if (length < TwoByteLengthMin)
        {
            header[0] = (byte)length;
            return 1;
        }

        if (length < FourByteLengthMin)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)(length | 0x4000));
            return 2;
        }

        BinaryPrimitives.WriteUInt32BigEndian(header, length | 0x8000_0000);
        return 4;
    }

    private Span<byte> Grow(int bytes)
    {
        int needed = checked(_count + bytes);
        if (needed > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, checked(_buffer.Length * 2)));
            Written.CopyTo(larger);
            GiveBack(_buffer, _count);
            _buffer = larger;
        }

        Span<byte> grown = _buffer.AsSpan(_count, bytes);
        _count = needed;
        return grown;
    }
}
