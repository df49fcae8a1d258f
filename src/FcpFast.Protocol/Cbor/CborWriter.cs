using System;
using System.Diagnostics;
using System.Text;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Cbor;

/// <summary>Writes canonical CBOR into a buffer that grows and is used again.</summary>
/// <remarks>
/// Shape:   the caller announces counts and gives keys in canonical order.
/// Threads: one writer at a time.
/// Cost:    no allocation once the buffer has grown to the largest message.
/// Source:  [WIRE §3].
/// </remarks>
public sealed class CborWriter
{
    private const int HeadBytesMax = 9;

    private byte[] _buffer;
    private int _length;

    /// <summary>Makes a writer with room for <paramref name="capacityBytes"/>.</summary>
    public CborWriter(int capacityBytes = 256) => _buffer = new byte[capacityBytes];

    /// <summary>What was written since the last reset; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Starts anew; <paramref name="erase"/> also zeroes the old bytes.</summary>
    public CborWriter Reset(bool erase = false)
    {
        if (erase) _buffer.AsSpan(0, _length).Clear();
        _length = 0;
        return this;
    }

    /// <summary>Copies what was written.</summary>
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Begins a schema-prefixed payload; one item follows.</summary>
    public void BeginPayload(SchemaHash schema)
    {
        schema.Value.Write(Room(SchemaHash.Length));
        _length += SchemaHash.Length;
    }

    /// <summary>Announces a map of <paramref name="count"/> fields.</summary>
    public void BeginMap(int count) => Head(CborHead.Map, (ulong)count);

    /// <summary>Announces an array of <paramref name="count"/> entries.</summary>
    public void BeginArray(int count) => Head(CborHead.Array, (ulong)count);

    /// <summary>A map key; the caller keeps the canonical order (shorter keys first, then bytewise).</summary>
    public void Key(ReadOnlySpan<byte> key) => Text(key);

    /// <summary>Text, given as UTF-8.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Head(CborHead.Text, (ulong)utf8.Length);
        Raw(utf8);
    }

    /// <summary>Text.</summary>
    public void Text(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        Head(CborHead.Text, (ulong)bytes);
        Encoding.UTF8.GetBytes(text, Room(bytes));
        _length += bytes;
    }

    /// <summary>A byte string.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Head(CborHead.Bytes, (ulong)bytes.Length);
        Raw(bytes);
    }

    /// <summary>A byte string of zeroes, to be filled in later; returns where its bytes lie in <see cref="Written"/>.</summary>
    public Range ReserveBytes(int lengthBytes)
    {
        Head(CborHead.Bytes, (ulong)lengthBytes);
        Room(lengthBytes).Clear();
        int start = _length;
        _length += lengthBytes;
        return start.._length;
    }

    /// <summary>Bytes that were reserved, to fill them in; valid until the next write.</summary>
    public Span<byte> Fill(Range reserved) => _buffer.AsSpan(0, _length)[reserved];

    /// <summary>A byte string of 8.</summary>
    public void Bytes(Bytes8 value)
    {
        Head(CborHead.Bytes, Bytes8.Length);
        value.Write(Room(Bytes8.Length));
        _length += Bytes8.Length;
    }

    /// <summary>A byte string of 16.</summary>
    public void Bytes(Bytes16 value)
    {
        Head(CborHead.Bytes, Bytes16.Length);
        value.Write(Room(Bytes16.Length));
        _length += Bytes16.Length;
    }

    /// <summary>A byte string of 32.</summary>
    public void Bytes(Bytes32 value)
    {
        Head(CborHead.Bytes, Bytes32.Length);
        value.Write(Room(Bytes32.Length));
        _length += Bytes32.Length;
    }

    /// <summary>The bytes as lowercase hex text.</summary>
    public void HexText(ReadOnlySpan<byte> bytes)
    {
        Head(CborHead.Text, (ulong)(2 * bytes.Length));
        Hex.Write(bytes, Room(2 * bytes.Length));
        _length += 2 * bytes.Length;
    }

    /// <summary>An unsigned integer.</summary>
    public void Unsigned(ulong value) => Head(CborHead.Unsigned, value);

    /// <summary>The negative integer <c>-1 - value</c>.</summary>
    public void Negative(ulong value) => Head(CborHead.Negative, value);

    /// <summary>False or true.</summary>
    public void Boolean(bool value) => Head(CborHead.Simple, value ? CborHead.True : CborHead.False);

    /// <summary>Null; in FCP only in handshake transcripts.</summary>
    public void Null() => Head(CborHead.Simple, CborHead.Null);

    /// <summary>Bytes as they are: an item encoded elsewhere, or a domain string.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private void Head(byte major, ulong argument) => _length += CborHead.Write(Room(HeadBytesMax), major, argument);

    private Span<byte> Room(int bytes)
    {
        Debug.Assert(bytes >= 0, "room is a length");
        if (_buffer.Length - _length < bytes) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        return _buffer.AsSpan(_length, bytes);
    }
}
