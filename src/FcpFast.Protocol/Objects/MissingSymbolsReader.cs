using System;
using FcpFast.Protocol.Cbor;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Objects;

/// <summary>Goes through the chunks of a checked status whose symbols are missing, in ascending order.</summary>
/// <remarks>Shape: at most <see cref="ObjectLimits.MissingChunksMax"/> chunks. Cost: no allocation.</remarks>
public ref struct MissingSymbolsReader
{
    private CborArrayReader _entries;

    internal MissingSymbolsReader(CborArrayReader entries) => _entries = entries;

    /// <summary>Chunks not yet read.</summary>
    public readonly int Count => _entries.Count;

    /// <summary>Reads the next chunk; false after the last.</summary>
    public bool TryRead(out MissingSymbols symbols)
    {
        symbols = default;
        if (!_entries.TryRead(out CborItem item)) return false;
        FcpStatus status = ReadEntry(item, out ulong chunk, out ReadOnlySpan<byte> esis);
        if (status != FcpStatus.Accepted || !IsBitmap(esis)) return false;
        symbols = new MissingSymbols(chunk, esis);
        return true;
    }

    internal static FcpStatus ReadEntry(CborItem item, out ulong chunk, out ReadOnlySpan<byte> esis)
    {
        CborMapReader fields = CborMapReader.Open(item.Encoded);
        esis = fields.Bytes("esis"u8);
        chunk = fields.Unsigned("chunk"u8);
        return fields.End();
    }

    internal static bool IsBitmap(ReadOnlySpan<byte> esis) => esis.Length is > 0 and <= ObjectLimits.EsiBitmapBytesMax;
}
