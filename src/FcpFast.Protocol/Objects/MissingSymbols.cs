using System;
using FcpFast.Protocol.Diagnostics;
using FcpFast.Protocol.Ids;

namespace FcpFast.Protocol.Objects;

/// <summary>The symbols of one chunk that a receiver misses, by ESI, held by value.</summary>
/// <remarks>
/// Shape:  a bitmap of 1 to 32 bytes (see <see cref="Bitmap"/>), kept at its length on the wire.
/// Source: [WIRE §16.9].
/// </remarks>
public readonly record struct MissingSymbols
{
    private readonly Bytes32 _esis;
    private readonly byte _bitmapBytes;

    /// <summary>Copies a bitmap.</summary>
    /// <param name="chunk">The chunk's index in its segment.</param>
    /// <param name="esis">1 to 32 bytes.</param>
    public MissingSymbols(ulong chunk, ReadOnlySpan<byte> esis)
    {
        if (esis.Length is 0 or > ObjectLimits.EsiBitmapBytesMax) ThrowHelper.BadArgument(nameof(esis), "a bitmap of 1 to 32 bytes");
        Span<byte> padded = stackalloc byte[Bytes32.Length];
        padded.Clear();
        esis.CopyTo(padded);
        Chunk = chunk;
        _esis = Bytes32.Read(padded);
        _bitmapBytes = (byte)esis.Length;
    }

    /// <summary>The chunk's index in its segment, as it is claimed.</summary>
    public ulong Chunk { get; }

    /// <summary>Bytes of the bitmap; 0 only for the default value.</summary>
    public int BitmapBytes => _bitmapBytes;

    /// <summary>True if this symbol is missing.</summary>
    public bool Contains(int esi)
    {
        Span<byte> padded = stackalloc byte[Bytes32.Length];
        _esis.Write(padded);
        return Bitmap.Contains(padded, esi);
    }

    /// <summary>Copies the bitmap and returns its length; 32 bytes hold every one.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[Bytes32.Length];
        _esis.Write(padded);
        padded[.._bitmapBytes].CopyTo(destination);
        return _bitmapBytes;
    }
}
