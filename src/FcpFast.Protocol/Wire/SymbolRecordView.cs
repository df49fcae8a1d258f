using System;
using System.Buffers.Binary;
using FcpFast.Protocol.Diagnostics;

namespace FcpFast.Protocol.Wire;

/// <summary>One symbol record, unproven.</summary>
/// <remarks>Source: [WIRE §4.1]. Owns nothing.</remarks>
public readonly ref struct SymbolRecordView
{
    private readonly ReadOnlySpan<byte> _record;

    internal SymbolRecordView(ReadOnlySpan<byte> record) => _record = record;

    /// <summary>The encoding symbol id.</summary>
    public uint Esi => BinaryPrimitives.ReadUInt32LittleEndian(_record);

    /// <summary>How many source symbols the object has.</summary>
    public ushort K => BinaryPrimitives.ReadUInt16LittleEndian(_record[FcpsLayout.RecordKOffset..]);

    /// <summary>The sealed symbol.</summary>
    public ReadOnlySpan<byte> Data => _record[FcpsLayout.RecordHeadBytes..^Crypto.CryptoSizes.TagBytes];

    /// <summary>Its tag.</summary>
    public ReadOnlySpan<byte> Tag => _record[^Crypto.CryptoSizes.TagBytes..];

    /// <summary>Reads a lone record; <c>TooShort</c> if there are fewer bytes than it needs.</summary>
    public static FcpStatus Parse(ReadOnlySpan<byte> source, int symbolBytes, out SymbolRecordView record)
    {
        int recordBytes = symbolBytes + FcpsLayout.RecordOverheadBytes;
        bool whole = source.Length >= recordBytes;
        record = whole ? new SymbolRecordView(source[..recordBytes]) : default;
        return whole ? FcpStatus.Accepted : FcpStatus.TooShort;
    }
}
